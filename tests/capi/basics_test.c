/* Handles, texts and requests: what needs no pipeline. */
#include "check.h"

static void versions(void) {
  sb_result* result = NULL;
  sb_client* client = NULL;
  CHECK_TEXT(sb_version(), text_of("%d.%d.%d", SB_VERSION_MAJOR, SB_VERSION_MINOR, SB_VERSION_PATCH));
  CHECK_HAS(sb_features(), "\"kind\":\"Features\"");
  CHECK_HAS(sb_features(), "\"registry\"");
  CHECK_HAS(sb_features(), "\"libraries\":{\"libcurl\":\"");
  CHECK_HAS(sb_features(), "\"libgit2\":\"1.");
  CHECK_HAS(sb_features(), "\"openssl\":\"3.");
  CHECK_HAS(sb_features(), "\"tls\":\"OpenSSL/");
  CHECK(sb_client_new(NULL, &client, &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/version"), sb_version());
  CHECK_TEXT(sb_result_get(result, "/kind"), "Features");
  CHECK(sb_result_get(result, "/libraries") == NULL);
  sb_result_free(result);
  sb_client_free(client);
}

static void codes(void) {
  CHECK_TEXT(sb_code_name(SB_OK), "ok");
  CHECK_TEXT(sb_code_name(SB_POLICY), "policy");
  CHECK_TEXT(sb_code_name(SB_NOT_FOUND), "not_found");
  CHECK_TEXT(sb_code_name(SB_PROTOCOL), "protocol");
  CHECK_TEXT(sb_code_name(-1), "internal");
  CHECK_TEXT(sb_code_name(99), "internal");
}

static void nulls(void) {
  size_t size = 7;
  sb_client* client = NULL;
  CHECK(sb_result_code(NULL) == SB_INTERNAL);
  CHECK_TEXT(sb_result_json(NULL), "");
  CHECK_TEXT(sb_result_message(NULL), "");
  CHECK(sb_result_get(NULL, "/kind") == NULL);
  CHECK(sb_result_bytes(NULL, &size) == NULL && size == 0);
  CHECK(sb_result_bytes(NULL, NULL) == NULL);
  sb_result_free(NULL);
  sb_client_free(NULL);
  sb_cancel_fire(NULL);
  sb_cancel_reset(NULL);
  sb_cancel_free(NULL);
  CHECK(sb_reply_json(NULL, "{}") == SB_USAGE);
  CHECK(sb_reply_bytes(NULL, "x", 1) == SB_USAGE);
  CHECK(sb_reply_get(NULL, "/op") == NULL);
  CHECK(sb_reply_input(NULL, 0, &size) == NULL);
  CHECK(sb_reply_cancelled(NULL) == 0);
  CHECK(sb_client_set_cancel(NULL, NULL) == SB_USAGE);
  CHECK_CALL(sb_client_new("{}", NULL, &call_result), SB_USAGE, "bad_request");
  CHECK(sb_client_new("{\"wrong\": 1}", &client, NULL) == SB_USAGE);
  CHECK(client == NULL);
  CHECK_CALL(sb_promote(NULL, "{}", &call_result), SB_USAGE, "bad_request");
  CHECK(sb_promote(NULL, NULL, NULL) == SB_USAGE);
  CHECK_CALL(sb_tag_parse(NULL, NULL, &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_values_edit(NULL, 1, "{}", &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_values_edit(NULL, 0, NULL, &call_result), SB_OK, "");
}

static void members(void) {
  sb_result* result = NULL;
  const char* first;
  CHECK(sb_tag_parse(NULL, "{\"tag\": \"v1.2.3\"}", &result) == SB_OK);
  CHECK_TEXT(sb_result_message(result), "");
  CHECK_TEXT(sb_result_get(result, "/track"), "release");
  first = sb_result_get(result, "/version");
  CHECK_TEXT(first, "1.2.3");
  CHECK(sb_result_get(result, "/version") == first);
  CHECK_TEXT(sb_result_get(result, ""), sb_result_json(result));
  CHECK(sb_result_get(result, "/absent") == NULL);
  CHECK(sb_result_get(result, "track") == NULL);
  CHECK(sb_result_get(result, "/track/deeper") == NULL);
  CHECK(sb_result_get(result, NULL) == NULL);
  CHECK(sb_result_bytes(result, NULL) == NULL);
  sb_result_free(result);
}

static void errors(void) {
  sb_result* result = NULL;
  CHECK(sb_tag_parse(NULL, "{\"tag\": \"main-4f9d\"}", &result) == SB_USAGE);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Error");
  CHECK_TEXT(sb_result_get(result, "/exitCode"), "2");
  CHECK_TEXT(sb_result_get(result, "/error/kind"), "usage");
  CHECK_HAS(sb_result_message(result), "error: ");
  CHECK_HAS(sb_result_message(result), "bad_commit_id");
  sb_result_free(result);
}

static void tags(void) {
  const char* sha = "4f9d3c1aa00000000000000000000000000000c1";
  sb_result* result = NULL;
  CHECK(sb_tag_format(NULL, text_of("{\"track\": \"pull-request\", \"number\": 42, \"sha\": \"%s\"}", sha), &result) ==
        SB_OK);
  CHECK_TEXT(sb_result_get(result, "/tag"), text_of("pr-42-%s", sha));
  CHECK_TEXT(sb_result_get(result, "/number"), "42");
  sb_result_free(result);
  CHECK(sb_tag_sort(NULL, "{\"tags\": [\"v1.10.0\", \"v1.9.0\", \"v1.10.0-rc.1\"]}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/tags/0/tag"), "v1.9.0");
  CHECK_TEXT(sb_result_get(result, "/tags/1/tag"), "v1.10.0-rc.1");
  CHECK_TEXT(sb_result_get(result, "/tags/2/tag"), "v1.10.0");
  CHECK(sb_result_get(result, "/tags/3") == NULL);
  sb_result_free(result);
  CHECK_CALL(sb_tag_sort(NULL, "{\"tags\": [\"latest\"]}", &call_result), SB_USAGE, "bad_tag");
  CHECK_CALL(sb_tag_format(NULL, "{\"track\": \"none\"}", &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_tag_format(NULL, "{\"track\": \"release\", \"version\": \"1\"}", &call_result), SB_USAGE,
             "bad_version");
}

static void values_in_memory(void) {
  static const char yaml[] = "image:\n  tag: v1 # keep\n";
  sb_result* result = NULL;
  size_t size = 0;
  CHECK(sb_values_edit(yaml, sizeof yaml - 1, "{\"set\": [\"image.tag=v2\"]}", &result) == SB_OK);
  CHECK_TEXT(sb_result_bytes(result, &size), "image:\n  tag: v2 # keep\n");
  CHECK(size == sizeof yaml - 1);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Edit");
  CHECK_TEXT(sb_result_get(result, "/changes/0/before"), "v1");
  CHECK_TEXT(sb_result_get(result, "/changes/0/line"), "2");
  sb_result_free(result);
  CHECK(
      sb_values_edit(yaml, sizeof yaml - 1,
                     "{\"set\": {\"path\": \"image.replicas\", \"value\": 3}, \"create\": true, \"file\": \"a.yaml\"}",
                     &result) == SB_OK);
  CHECK_TEXT(sb_result_bytes(result, NULL), "image:\n  tag: v1 # keep\n  replicas: 3\n");
  CHECK_HAS(sb_result_get(result, "/diff"), "a.yaml");
  sb_result_free(result);
  CHECK(sb_values_read(yaml, sizeof yaml - 1, "{\"paths\": [\"image.tag\"]}", &result) == SB_OK);
  CHECK_TEXT(sb_result_get(result, "/values/0/text"), "v1");
  sb_result_free(result);
  CHECK_CALL(sb_values_edit(yaml, sizeof yaml - 1, "{\"set\": [\"image.absent=1\"]}", &call_result), SB_NOT_FOUND,
             "key_missing");
  CHECK_CALL(sb_values_edit("a: [", 4, "{\"set\": [\"a=1\"]}", &call_result), SB_USAGE, "invalid_yaml");
  CHECK_CALL(sb_values_edit(yaml, sizeof yaml - 1, "{\"set\": [\"image\"]}", &call_result), SB_USAGE, "bad_path");
  CHECK_CALL(sb_values_edit(yaml, sizeof yaml - 1, "{\"set\": [{\"path\": \"image.tag\"}]}", &call_result), SB_USAGE,
             "bad_request");
}

int main(void) {
  run_test("the library says what it is", versions);
  run_test("every code has a name and a number that is none is internal", codes);
  run_test("NULL is answered and never followed", nulls);
  run_test("members are read by JSON Pointer and live as long as the result", members);
  run_test("an error is a document and a line for people", errors);
  run_test("tags are read, made and sorted without a client", tags);
  run_test("values are edited in memory without a client", values_in_memory);
  return end_tests();
}
