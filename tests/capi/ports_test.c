/* A client whose ports are all written in C: the whole pipeline in memory. */
#include "check.h"
#include "memory_ports.h"

#define PORTS 7
static memory_ports* stores[PORTS];
static int dropped = 0;

static void count_drop(void* userdata) {
  CHECK(userdata != NULL);
  ++dropped;
}

/* A client without a repository on this machine. */
static sb_client* memory_client(void) {
  static const char* const names[] = {"gitops", "source", "registry", "evidence", "clock", "changes", "releases"};
  static const sb_port_fn calls[] = {memory_gitops, memory_source,  memory_registry, memory_evidence,
                                     memory_clock,  memory_changes, memory_releases};
  sb_client* client = NULL;
  size_t i;
  CHECK(sb_client_new("{\"branch\": \"main\", \"author\": \"Ada <ada@example.com>\"}", &client, NULL) == SB_OK);
  for (i = 0; i < PORTS; ++i) {
    if (stores[i] == NULL) stores[i] = memory_ports_new();
    CHECK_CALL(sb_client_set_port(client, names[i], calls[i], stores[i], count_drop, &call_result), SB_OK, "");
  }
  return client;
}

static char commit[64];
static char digest[80];

/* A commit of the source, its image and the first files of the GitOps repository. */
static void fill(void) {
  static const char config[] =
      "apiVersion: samebits/v1\nservices: {api: {image: registry.example.com/acme/api, source: port}}\n";
  static const char values[] = "image:\n  tag: \"\" # keep me\n";
  static const char* const paths[] = {"samebits.yaml", "values/preprod/api.yaml", "values/prod/api.yaml",
                                      "values/dev/api.yaml", "values/pr/api/template.yaml"};
  static const char* const changes[] = {config, values, values, values, values};
  memory_ports* source = stores[1];
  memory_ports* registry = stores[2];
  memory_ports* gitops = stores[0];
  struct memory_commit* made = add_record((void**)&source->commits, &source->commit_count, sizeof *made);
  struct memory_branch* branch = add_record((void**)&source->branches, &source->branch_count, sizeof *branch);
  struct memory_manifest* manifest =
      add_record((void**)&registry->manifests, &registry->manifest_count, sizeof *manifest);
  struct memory_tag* tag = add_record((void**)&registry->tags, &registry->tag_count, sizeof *tag);
  struct memory_commit* first = add_record((void**)&gitops->commits, &gitops->commit_count, sizeof *first);
  size_t i;
  strcpy(commit, "c000000000000000000000000000000000000001");
  /* SHA-256 of "{}", the manifest's bytes. */
  strcpy(digest, "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  made->id = copy_text(commit);
  made->parent = copy_text("");
  branch->name = copy_text("main");
  branch->commit = made->id;
  manifest->digest = copy_text(digest);
  manifest->media_type = copy_text("application/vnd.oci.image.manifest.v1+json");
  manifest->bytes = copy_text("{}");
  manifest->size = 2;
  tag->name = copy_text(text_of("main-%s", commit));
  tag->id = copy_text(digest);
  first->id = copy_text("a000000000000000000000000000000000000000");
  first->parent = copy_text("");
  first->author = copy_text("Ada <ada@example.com>");
  first->time = copy_text("2026-11-24T09:00:00Z");
  first->message = copy_text("Begin\n");
  for (i = 0; i < 5; ++i) {
    struct memory_file* file = add_record((void**)&first->files, &first->file_count, sizeof *file);
    file->path = copy_text(paths[i]);
    file->blob = copy_text(text_of("b%039zu", i + 100));
    file->bytes = copy_text(changes[i]);
    file->size = strlen(changes[i]);
  }
  gitops->tip = first->id;
}

static void whole_pipeline(void) {
  sb_client* client = memory_client();
  sb_result* result = NULL;
  fill();
  CHECK(sb_promote(client, text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", commit), &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "done");
  CHECK_TEXT(sb_result_get(result, "/images/0/digest"), digest);
  CHECK_TEXT(sb_result_get(result, "/gitops/repository"), "port:gitops");
  sb_result_free(result);
  CHECK_CALL(sb_release(client, "{\"version\": \"1.0.0\"}", &call_result), SB_POLICY, "gate_missing");
  CHECK_CALL(sb_gate_post(
                 client, text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"success\"}", commit),
                 &call_result),
             SB_OK, "");
  CHECK(sb_release(client, "{\"version\": \"1.0.0\"}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "done");
  CHECK_TEXT(sb_result_get(result, "/changes/1/environment"), "dev");
  CHECK_HAS(sb_result_get(result, "/steps"), "{\"name\":\"forge-release\",\"outcome\":\"done\"");
  CHECK(stores[6]->release_count == 1);
  CHECK_TEXT(stores[6]->releases[0].tag, "v1.0.0");
  sb_result_free(result);
  CHECK(sb_release(client, "{\"version\": \"1.0.0\"}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "unchanged");
  sb_result_free(result);
  CHECK(sb_status(client, NULL, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/environments/1/tag"), "v1.0.0");
  CHECK_HAS(sb_result_get(result, "/environments/1/since"), "2026-11-24T09:");
  sb_result_free(result);
  CHECK(sb_image_show(client, "{\"ref\": \"registry.example.com/acme/api:v1.0.0\"}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/digest"), digest);
  sb_result_free(result);
  dropped = 0;
  sb_client_free(client);
  CHECK(dropped == PORTS);
}

/* A preview of a pull request that is closed. */
static void prune(void) {
  sb_client* client = memory_client();
  sb_result* result = NULL;
  struct memory_change* change = add_record((void**)&stores[5]->changes, &stores[5]->change_count, sizeof *change);
  struct memory_tag* tag = add_record((void**)&stores[2]->tags, &stores[2]->tag_count, sizeof *tag);
  tag->name = copy_text(text_of("pr-42-%s", commit));
  tag->id = copy_text(digest);
  change->number = copy_text("42");
  change->head = copy_text(commit);
  change->merge_commit = copy_text("");
  change->change =
      copy_text(text_of("{\"number\": 42, \"state\": \"open\", \"head\": \"%s\", \"base\": \"main\"}", commit));
  change->reviews = copy_text("[]");
  CHECK_CALL(sb_preview_up(client, text_of("{\"pr\": 42, \"sha\": \"%s\"}", commit), &call_result), SB_OK, "");
  CHECK(sb_preview_prune(client, NULL, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "unchanged");
  sb_result_free(result);
  change->change =
      copy_text(text_of("{\"number\": 42, \"state\": \"closed\", \"head\": \"%s\", \"base\": \"main\"}", commit));
  CHECK(sb_preview_prune(client, NULL, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "done");
  sb_result_free(result);
  CHECK(sb_preview_list(client, NULL, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/environments"), "[]");
  sb_result_free(result);
  sb_client_free(client);
}

static sb_code fail_with(void* userdata, const char* request_json, sb_reply* reply) {
  CHECK_HAS(request_json, "\"port\":\"registry\"");
  CHECK_HAS(request_json, "\"deadlineMs\":");
  sb_reply_json(reply, userdata);
  return SB_TRANSIENT;
}

static void check_answer(sb_port_fn call, const char* answer, sb_code code, const char* error, const char* part) {
  sb_client* client = memory_client();
  sb_result* result = NULL;
  CHECK(sb_client_set_port(client, "registry", call, (void*)(size_t)answer, NULL, NULL) == SB_OK);
  CHECK(sb_image_show(client, "{\"ref\": \"registry.example.com/acme/api:v1.0.0\"}", &result) == code);
  CHECK_TEXT(sb_result_get(result, "/error/code"), error);
  CHECK_HAS(sb_result_json(result), part);
  sb_result_free(result);
  sb_client_free(client);
}

static void port_errors(void) {
  check_answer(
      fail_with,
      "{\"error\": {\"code\": \"rate_limited\", \"message\": \"slow down\", \"hint\": \"wait\", \"remote\": \"r\", "
      "\"retryAfterSeconds\": 7, \"httpStatus\": 429, \"requestId\": \"x1\", \"outcomeUnknown\": true}}",
      SB_RATE_LIMITED, "rate_limited", "\"retryAfterSeconds\":7,\"outcomeUnknown\":true");
  check_answer(fail_with, "{\"error\": {\"code\": \"unreachable\", \"message\": \"a\\u001b[31mb\\nc\"}}", SB_TRANSIENT,
               "unreachable", "a?[31mb?c");
  check_answer(fail_with, "{\"error\": {\"code\": \"strange\"}}", SB_PROTOCOL, "bad_answer", "known code");
  check_answer(fail_with, "{}", SB_PROTOCOL, "bad_answer", "did not say why");
  check_answer(fail_with, "no JSON", SB_PROTOCOL, "bad_answer", "known code");
}

static sb_code answer_with(void* userdata, const char* request_json, sb_reply* reply) {
  (void)request_json;
  sb_reply_bytes(reply, "not those", 9);
  return sb_reply_json(reply, userdata);
}

static void wrong_answers(void) {
  check_answer(answer_with, "no JSON", SB_PROTOCOL, "bad_answer", "'resolve'");
  check_answer(answer_with, "[]", SB_PROTOCOL, "bad_answer", "no JSON object");
  check_answer(answer_with, "{\"digest\": 7}", SB_PROTOCOL, "bad_answer", "'digest' is no text");
  check_answer(answer_with, "{\"digest\": \"latest\"}", SB_PROTOCOL, "bad_answer", "digest");
  check_answer(answer_with, "{}", SB_NOT_FOUND, "image_missing", "v1.0.0");
  check_answer(answer_with, text_of("{\"digest\": \"%s\", \"mediaType\": \"m\"}", digest), SB_PROTOCOL, "bad_answer",
               "other bytes");
}

static sb_code reenter(void* userdata, const char* request_json, sb_reply* reply) {
  sb_result* result = NULL;
  (void)request_json;
  CHECK(sb_status(userdata, NULL, &result) == SB_USAGE);
  CHECK_HAS(sb_result_message(result), "another call");
  sb_result_free(result);
  CHECK(sb_client_set_cancel(userdata, NULL) == SB_USAGE);
  CHECK(sb_reply_bytes(reply, NULL, 1) == SB_USAGE);
  CHECK(sb_reply_get(reply, "/op") != NULL && sb_reply_get(reply, "/absent") == NULL);
  CHECK(sb_reply_input(reply, 0, NULL) == NULL);
  return SB_OK;
}

static void inside_a_callback(void) {
  sb_client* client = memory_client();
  CHECK(sb_client_set_port(client, "registry", reenter, client, NULL, NULL) == SB_OK);
  CHECK_CALL(sb_image_show(client, "{\"ref\": \"registry.example.com/acme/api:v1.0.0\"}", &call_result), SB_NOT_FOUND,
             "image_missing");
  CHECK_CALL(sb_status(client, NULL, &call_result), SB_OK, "");
  sb_client_free(client);
}

static void drops(void) {
  sb_client* client = NULL;
  dropped = 0;
  CHECK_CALL(sb_client_set_port(NULL, "registry", memory_registry, stores, count_drop, &call_result), SB_USAGE,
             "bad_request");
  CHECK(dropped == 1);
  CHECK(sb_client_new("{}", &client, NULL) == SB_OK);
  CHECK_CALL(sb_client_set_port(client, "registries", memory_registry, stores, count_drop, &call_result), SB_USAGE,
             "bad_option");
  CHECK(dropped == 2);
  CHECK_CALL(sb_client_set_port(client, NULL, memory_registry, stores, count_drop, &call_result), SB_USAGE,
             "bad_option");
  CHECK(dropped == 3);
  CHECK(sb_client_set_port(client, "registry", memory_registry, stores, count_drop, NULL) == SB_OK);
  CHECK(sb_client_set_port(client, "registry", memory_registry, stores, count_drop, NULL) == SB_OK);
  CHECK(dropped == 4);
  CHECK(sb_client_set_port(client, "registry", NULL, NULL, NULL, NULL) == SB_OK);
  CHECK(dropped == 5);
  CHECK_CALL(sb_client_set_log(NULL, NULL, stores, count_drop, &call_result), SB_USAGE, "bad_request");
  CHECK(dropped == 6);
  sb_client_free(client);
  CHECK(dropped == 6);
}

int main(void) {
  run_test("a pipeline whose ports are all in C releases", whole_pipeline);
  run_test("the preview of a pull request that a port in C says is closed is pruned", prune);
  run_test("an error of a port reaches the caller with all it says, safe for a terminal", port_errors);
  run_test("a wrong answer of a port is refused and named", wrong_answers);
  run_test("a client that is used inside its callback refuses and goes on", inside_a_callback);
  run_test("what a callback is registered with is dropped once", drops);
  memory_ports_free_all();
  return end_tests();
}
