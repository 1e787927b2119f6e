/* Every verb of the pipeline from C: success and failure. */
#include "check.h"

static sb_client* client = NULL;

static void check_finds(void) {
  sb_result* result = NULL;
  CHECK(sb_check(client, "{\"all\": true}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Report");
  sb_result_free(result);
  CHECK_CALL(sb_check(client, "{\"everything\": true}", &call_result), SB_USAGE, "bad_request");
  CHECK(sb_doctor(client, NULL, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Report");
  sb_result_free(result);
  CHECK_CALL(sb_doctor(client, "{\"all\": true}", &call_result), SB_USAGE, "bad_request");
}

static void previews(void) {
  sb_result* result = NULL;
  const char* up = text_of("{\"pr\": 42, \"sha\": \"%s\"}", first_commit());
  CHECK_CALL(sb_preview_up(client, up, &call_result), SB_OK, "");
  CHECK(sb_preview_list(client, NULL, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Environments");
  CHECK_TEXT(sb_result_get(result, "/environments/0/name"), "pr-42");
  sb_result_free(result);
  /* A folder has no pull requests to ask for. */
  CHECK_CALL(sb_preview_prune(client, NULL, &call_result), SB_PROTOCOL, "unsupported");
  CHECK_CALL(sb_preview_down(client, "{\"pr\": 42, \"dryRun\": true}", &call_result), SB_OK, "");
  CHECK(sb_preview_down(client, "{\"pr\": 42}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "done");
  sb_result_free(result);
  CHECK(sb_preview_down(client, "{\"pr\": 42}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "unchanged");
  sb_result_free(result);
  CHECK(sb_preview_prune(client, "{\"service\": \"api\"}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "unchanged");
  sb_result_free(result);
  CHECK_CALL(sb_preview_up(client, text_of("{\"pr\": 43, \"sha\": \"%s\"}", first_commit()), &call_result),
             SB_NOT_FOUND, "image_missing");
  CHECK_CALL(sb_preview_down(client, "{\"pr\": \"x\"}", &call_result), SB_USAGE, "bad_request");
}

static void promotes(void) {
  sb_result* result = NULL;
  const char* request = text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", second_commit());
  const char* plan = text_of("{\"environment\": \"preprod\", \"sha\": \"%s\", \"dryRun\": true}", second_commit());
  CHECK(sb_promote(client, plan, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Plan");
  CHECK_HAS(sb_result_get(result, "/diff"), "+  tag: ");
  CHECK(sb_result_get(result, "/gitops/commit") == NULL);
  sb_result_free(result);
  CHECK(sb_promote(client, request, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Receipt");
  CHECK_TEXT(sb_result_get(result, "/outcome"), "done");
  CHECK_TEXT(sb_result_get(result, "/actor"), "Ada <ada@example.com>");
  CHECK_TEXT(sb_result_get(result, "/images/0/tag"), text_of("main-%s", second_commit()));
  sb_result_free(result);
  CHECK(sb_promote(client, request, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "unchanged");
  sb_result_free(result);
  CHECK_CALL(
      sb_promote(client, text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", first_commit()), &call_result),
      SB_POLICY, "would_move_backwards");
  CHECK_CALL(sb_promote(client, "{\"environment\": \"preprod\", \"sha\": \"4f9d\"}", &call_result), SB_USAGE,
             "bad_commit_id");
  CHECK_CALL(sb_promote(client, "{\"environment\": \"preprod\", \"sha\": \"x\", \"dryrun\": true}", &call_result),
             SB_USAGE, "bad_request");
}

static void gates(void) {
  sb_result* result = NULL;
  const char* show = text_of("{\"sha\": \"%s\"}", second_commit());
  CHECK(sb_gate_show(client, show, &result) == SB_POLICY);
  CHECK_TEXT(sb_result_get(result, "/kind"), "GateReport");
  CHECK(sb_result_code(result) == SB_POLICY);
  sb_result_free(result);
  CHECK_CALL(sb_gate_show(client, text_of("{\"sha\": \"%s\", \"exitZero\": true}", second_commit()), &call_result),
             SB_OK, "");
  CHECK_CALL(sb_release(client, "{\"version\": \"1.0.0\"}", &call_result), SB_POLICY, "gate_missing");
  CHECK_CALL(sb_gate_post(client,
                          text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"success\"}",
                                  second_commit()),
                          &call_result),
             SB_OK, "");
  CHECK_CALL(sb_gate_show(client, show, &call_result), SB_OK, "");
  CHECK_CALL(sb_gate_post(
                 client, text_of("{\"gate\": \"none\", \"sha\": \"%s\", \"conclusion\": \"success\"}", second_commit()),
                 &call_result),
             SB_USAGE, "bad_request");
}

static void releases(void) {
  sb_result* plan = NULL;
  sb_result* result = NULL;
  char* request;
  size_t size;
  CHECK(sb_release(client, "{\"version\": \"1.0.0\", \"dryRun\": true}", &plan) == SB_OK);
  size = strlen(sb_result_json(plan)) + 16;
  request = malloc(size);
  snprintf(request, size, "{\"plan\":%s}", sb_result_json(plan));
  CHECK(sb_apply(client, request, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Receipt");
  CHECK_TEXT(sb_result_get(result, "/images/0/tag"), "v1.0.0");
  CHECK_TEXT(sb_result_get(result, "/changes/0/environment"), "prod");
  sb_result_free(result);
  CHECK(sb_apply(client, request, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "unchanged");
  sb_result_free(result);
  CHECK_CALL(sb_apply(client, "{}", &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_apply(client, "{\"plan\": {\"kind\": \"Receipt\"}}", &call_result), SB_USAGE, "bad_request");
  free(request);
  sb_result_free(plan);
  CHECK(sb_release(client, "{\"version\": \"v1.0.0\"}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "unchanged");
  sb_result_free(result);
  CHECK_CALL(sb_release(client, "{\"version\": \"0.9.0\"}", &call_result), SB_POLICY, "version_not_newer");
  CHECK_CALL(sb_release(client, "{\"version\": \"one\"}", &call_result), SB_USAGE, "bad_version");
}

static void reports(void) {
  sb_result* result = NULL;
  CHECK(sb_status(client, "{\"exitCode\": true}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Status");
  sb_result_free(result);
  CHECK(sb_history(client, "{\"environment\": \"prod\", \"limit\": 1}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/entries/0/tag"), "v1.0.0");
  CHECK(sb_result_get(result, "/entries/1") == NULL);
  sb_result_free(result);
  CHECK(sb_trace(client, "{\"ref\": \"v1.0.0\"}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/images/0/source/commit"), second_commit());
  sb_result_free(result);
  CHECK_CALL(sb_wait(client, "{\"environment\": \"prod\", \"for\": \"0s\"}", &call_result), SB_USAGE, "bad_config");
  CHECK_CALL(sb_wait(client, "{\"environment\": \"none\"}", &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_history(client, "{\"environment\": \"none\"}", &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_trace(client, "{\"ref\": \"v9.9.9\"}", &call_result), SB_NOT_FOUND, "image_missing");
  CHECK_CALL(sb_status(client, "{\"exitCode\": 1}", &call_result), SB_USAGE, "bad_request");
}

static void rollbacks(void) {
  CHECK_CALL(sb_rollback(client, "{\"target\": \"production\", \"to\": \"v1.0.0\", \"dryRun\": true}", &call_result),
             SB_OK, "");
  CHECK_CALL(sb_rollback(client, "{\"target\": \"production\", \"to\": \"v7.0.0\"}", &call_result), SB_NOT_FOUND,
             "nothing_to_roll_back");
  CHECK_CALL(sb_rollback(client, "{\"target\": \"prod\", \"to\": \"v1.0.0\"}", &call_result), SB_USAGE, "bad_request");
}

static void images(void) {
  sb_client* alone = NULL;
  sb_result* result = NULL;
  CHECK(sb_client_new("{}", &alone, NULL) == SB_OK);
  CHECK(sb_image_show(alone, text_of("{\"ref\": \"oci:%s/images:v1.0.0\"}", pipeline_folder()), &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/platforms/0"), "linux/amd64");
  sb_result_free(result);
  CHECK(sb_image_list(alone, text_of("{\"repository\": \"oci:%s/images\", \"track\": \"release\"}", pipeline_folder()),
                      &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/images/0/tag"), "v1.0.0");
  CHECK(sb_result_get(result, "/images/1") == NULL);
  sb_result_free(result);
  CHECK(sb_image_tag(alone, text_of("{\"source\": \"oci:%s/images:v1.0.0\", \"tag\": \"stable\"}", pipeline_folder()),
                     &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "done");
  sb_result_free(result);
  CHECK_CALL(sb_image_tag(alone,
                          text_of("{\"source\": \"oci:%s/images:main-%s\", \"tag\": \"stable\"}", pipeline_folder(),
                                  first_commit()),
                          &call_result),
             SB_CONFLICT, "tag_exists");
  CHECK_CALL(sb_image_show(alone, text_of("{\"ref\": \"oci:%s/images:none\"}", pipeline_folder()), &call_result),
             SB_NOT_FOUND, "image_missing");
  CHECK_CALL(sb_image_list(alone, "{\"repository\": \"oci:/nonexistent\", \"track\": \"some\"}", &call_result),
             SB_USAGE, "bad_request");
  CHECK_CALL(
      sb_promote(alone, text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", first_commit()), &call_result),
      SB_NOT_FOUND, "repository_missing");
  sb_client_free(alone);
}

static void values_files(void) {
  sb_result* result = NULL;
  const char* file = text_of("%s/values.yaml", pipeline_folder());
  FILE* out = fopen(file, "w");
  fputs("image:\n  tag: v1\nhosts: [a]\n", out);
  fclose(out);
  CHECK_CALL(sb_values_set(NULL, text_of("{\"file\": \"%s\", \"assignments\": \"image.tag=v2\"}", file), &call_result),
             SB_OK, "");
  CHECK_CALL(sb_values_append(NULL, text_of("{\"file\": \"%s\", \"assignments\": [\"hosts=b\"]}", file), &call_result),
             SB_OK, "");
  CHECK_CALL(sb_values_delete(NULL, text_of("{\"file\": \"%s\", \"paths\": [\"image.tag\"], \"dryRun\": true}", file),
                              &call_result),
             SB_OK, "");
  CHECK(sb_values_get(NULL, text_of("{\"file\": \"%s\", \"paths\": [\"image.tag\", \"hosts\"]}", file), &result) ==
        SB_OK);
  CHECK_TEXT(sb_result_get(result, "/values/0/value"), "v2");
  CHECK_TEXT(sb_result_get(result, "/values/1/value"), "[\"a\",\"b\"]");
  sb_result_free(result);
  CHECK_CALL(sb_values_get(NULL, "{\"file\": \"/nonexistent/values.yaml\", \"paths\": [\"a\"]}", &call_result),
             SB_NOT_FOUND, "file_missing");
  CHECK_CALL(
      sb_values_set(NULL, text_of("{\"file\": \"%s\", \"assignments\": [\"image.none=v2\"]}", file), &call_result),
      SB_NOT_FOUND, "key_missing");
  CHECK_CALL(sb_values_delete(NULL, text_of("{\"file\": \"%s\"}", file), &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(
      sb_values_append(NULL, text_of("{\"file\": \"%s\", \"assignments\": [\"image.tag=x\"]}", file), &call_result),
      SB_USAGE, "not_editable");
}

static void first_files(void) {
  sb_result* result = NULL;
  const char* request = text_of(
      "{\"dir\": \"%s/new\", \"service\": \"api\", \"image\": \"oci:../images\", \"source\": \"../source.git\"}",
      pipeline_folder());
  CHECK(sb_init(NULL, request, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "done");
  sb_result_free(result);
  CHECK(sb_init(NULL, request, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/outcome"), "unchanged");
  sb_result_free(result);
  CHECK_CALL(sb_init(NULL, "{\"service\": \"api\"}", &call_result), SB_USAGE, "bad_request");
}

int main(void) {
  client = pipeline_client();
  run_test("check reports what is wrong", check_finds);
  run_test("a preview comes, is listed and goes", previews);
  run_test("a promotion is planned, done, and done once", promotes);
  run_test("a gate is shown with the code of the release that it would refuse, and posted", gates);
  run_test("a plan is applied once and a release is done once", releases);
  run_test("status, history and trace say what runs", reports);
  run_test("a rollback goes only where the records lead", rollbacks);
  run_test("images are shown, tagged and listed without a pipeline", images);
  run_test("files are edited whole or not at all", values_files);
  run_test("the first files are written once", first_files);
  sb_client_free(client);
  return end_tests();
}
