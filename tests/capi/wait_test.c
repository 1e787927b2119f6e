/* sb_wait(), with a reconciler that is written in C. */
#include "check.h"

static char tip[80] = "";
/* What the live workload has. */
static char tag[80] = "";
static int refreshes = 0;

static sb_code reconciler(void* userdata, const char* request_json, sb_reply* reply) {
  (void)userdata;
  CHECK_HAS(request_json, "\"port\":\"reconciler\"");
  if (strcmp(sb_reply_get(reply, "/op"), "application") != 0) return sb_reply_json(reply, "{}");
  if (strcmp(sb_reply_get(reply, "/name"), "api-preprod") != 0) return sb_reply_json(reply, "{}");
  if (strcmp(sb_reply_get(reply, "/refresh"), "normal") == 0) ++refreshes;
  return sb_reply_json(
      reply,
      text_of("{\"application\": {\"name\": \"api-preprod\", \"automatic\": true, \"sync\": \"Synced\", \"compared\": "
              "[\"%s\"], \"sources\": [{\"repository\": \"https://git.example.com/gitops\"}], \"health\": \"Healthy\", "
              "\"reconciledAt\": \"2026-11-24T09:00:00Z\", \"images\": [\"registry.example.com/api:%s\"]}}",
              refreshes > 0 ? tip : "0000000000000000000000000000000000000000", tag));
}

static sb_client* reconciled_client(void) {
  sb_client* client = NULL;
  const char* file = text_of("%s/reconciled.yaml", pipeline_folder());
  FILE* out = fopen(file, "w");
  fputs("apiVersion: samebits/v1\nservices: {api: {image: oci:../images, source: ../source.git}}\n", out);
  fputs("reconciler: {kind: argocd, url: https://argocd.example.com}\n", out);
  fclose(out);
  CHECK(
      sb_client_new(text_of("{\"gitops\": \"%s/gitops.git\", \"config\": \"%s\", \"author\": \"Ada <a@example.com>\"}",
                            pipeline_folder(), file),
                    &client, NULL) == SB_OK);
  CHECK(sb_client_set_port(client, "reconciler", reconciler, NULL, NULL, NULL) == SB_OK);
  return client;
}

static void promote(sb_client* client) {
  sb_result* result = NULL;
  CHECK(sb_promote(client, text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", second_commit()), &result) ==
        SB_OK);
  snprintf(tip, sizeof tip, "%s", sb_result_get(result, "/gitops/commit"));
  sb_result_free(result);
}

static void rolled_out(void) {
  sb_client* client = reconciled_client();
  sb_result* result = NULL;
  promote(client);
  snprintf(tag, sizeof tag, "main-%s", second_commit());
  CHECK(sb_wait(client, "{\"environment\": \"preprod\", \"for\": \"0s\"}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Rollout");
  CHECK_TEXT(sb_result_get(result, "/outcome"), "done");
  CHECK_TEXT(sb_result_get(result, "/applications/0/state"), "healthy");
  CHECK_TEXT(sb_result_get(result, "/applications/0/compared/revision"), tip);
  CHECK(refreshes > 0);
  sb_result_free(result);
  sb_client_free(client);
}

static void not_rolled_out(void) {
  sb_client* client = reconciled_client();
  sb_result* result = NULL;
  promote(client);
  snprintf(tag, sizeof tag, "main-0");
  CHECK(sb_wait(client, "{\"environment\": \"preprod\", \"timeout\": \"1s\"}", &result) == SB_PENDING);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Rollout");
  CHECK_TEXT(sb_result_get(result, "/error/code"), "not_rolled_out");
  CHECK_TEXT(sb_result_get(result, "/applications/0/state"), "settling");
  sb_result_free(result);
  CHECK_CALL(sb_wait(client, "{\"environment\": \"preprod\", \"for\": \"soon\"}", &call_result), SB_USAGE,
             "bad_option");
  sb_client_free(client);
}

static void post(sb_client* client, sb_code code, const char* error) {
  CHECK_CALL(sb_gate_post(client,
                          text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"success\"}",
                                  second_commit()),
                          &call_result),
             code, error);
}

static void live_evidence(void) {
  sb_client* client = reconciled_client();
  sb_result* result = NULL;
  promote(client);
  snprintf(tag, sizeof tag, "main-%s", first_commit());
  post(client, SB_POLICY, "superseded");
  CHECK(sb_status(client, NULL, &result) == SB_OK);
  CHECK_HAS(sb_result_json(result), text_of("registry.example.com/api:main-%s", first_commit()));
  sb_result_free(result);
  snprintf(tag, sizeof tag, "main-%s", second_commit());
  post(client, SB_OK, "");
  sb_client_free(client);
}

int main(void) {
  run_test("what was promoted is waited for", rolled_out);
  run_test("what is not rolled out comes with the last facts", not_rolled_out);
  run_test("evidence about an environment whose live image is another one is refused", live_evidence);
  remove_pipeline();
  return end_tests();
}
