/* Every malformed request ends in a clear error, of every operation. */
#include "check.h"

typedef sb_code (*operation)(sb_client*, const char*, sb_result**);

static const operation operations[] = {
    sb_check,     sb_doctor,     sb_promote,    sb_preview_up,    sb_preview_down,  sb_preview_prune, sb_preview_list,
    sb_gate_show, sb_gate_post,  sb_release,    sb_rollback,      sb_apply,         sb_status,        sb_history,
    sb_trace,     sb_image_show, sb_image_tag,  sb_image_list,    sb_init,          sb_tag_parse,     sb_tag_format,
    sb_tag_sort,  sb_values_get, sb_values_set, sb_values_delete, sb_values_append, sb_wait};
#define OPERATIONS (sizeof operations / sizeof operations[0])

static sb_client* client = NULL;

static void refuse_everywhere(const char* request, const char* part) {
  size_t i;
  for (i = 0; i < OPERATIONS; ++i) {
    sb_result* result = NULL;
    if (operations[i](client, request, &result) != SB_USAGE)
      check_failed(__FILE__, __LINE__, "operation", text_of("%zu", i));
    CHECK_TEXT(sb_result_get(result, "/error/code"), "bad_request");
    CHECK_HAS(sb_result_message(result), part);
    CHECK(strlen(sb_result_message(result)) < 2000);
    sb_result_free(result);
  }
  CHECK_CALL(sb_values_edit("a: 1\n", 5, request, &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_values_read("a: 1\n", 5, request, &call_result), SB_USAGE, "bad_request");
  {
    sb_client* made = NULL;
    CHECK_CALL(sb_client_new(request, &made, &call_result), SB_USAGE, "bad_request");
    CHECK(made == NULL);
  }
}

static void no_json(void) {
  refuse_everywhere("{", "not valid JSON");
  refuse_everywhere("{} {}", "not valid JSON");
  refuse_everywhere("[]", "no JSON object");
  refuse_everywhere("null", "no JSON object");
  refuse_everywhere("{\"a\": NaN}", "not valid JSON");
  refuse_everywhere("// comment\n{}", "not valid JSON");
}

static void invalid_utf8(void) {
  refuse_everywhere("{\"service\": \"\xff\"}", "not valid JSON");
  refuse_everywhere("{\"service\": \"\xc0\xaf\"}", "not valid JSON");
  refuse_everywhere("{\"service\": \"\xed\xa0\x80\"}", "not valid JSON");
  refuse_everywhere("{\"service\": \"\\ud800\"}", "not valid JSON");
}

static void unknown_members(void) {
  refuse_everywhere("{\"adoptt\": 1}", "unknown member 'adoptt'");
  refuse_everywhere("{\"\": 1}", "unknown member");
  refuse_everywhere("{\"\\u001b[31m\": 1}", "unknown member '?[31m'");
}

static void duplicate_members(void) { refuse_everywhere("{\"x\": 1, \"x\": 1}", "stands twice"); }

static void wrong_types(void) {
  static const char* const members[] = {"sha",     "pr",          "service",     "dryRun",
                                        "timeout", "environment", "assignments", "file"};
  size_t i;
  for (i = 0; i < sizeof members / sizeof members[0]; ++i)
    refuse_everywhere(text_of("{\"%s\": {\"deep\": []}}", members[i]), "'");
  CHECK_CALL(sb_preview_down(client, "{\"pr\": -1}", &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_preview_down(client, "{\"pr\": 1.5}", &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_preview_down(client, "{\"pr\": 99999999999999999999}", &call_result), SB_USAGE, "bad_request");
  CHECK_CALL(sb_status(client, "{\"timeout\": \"soon\"}", &call_result), SB_USAGE, "bad_option");
  CHECK_CALL(sb_status(client, "{\"timeout\": \"\"}", &call_result), SB_NOT_FOUND, "repository_missing");
}

static char* repeated(const char* begin, const char* text, size_t count) {
  const size_t size = strlen(text);
  char* made = malloc(strlen(begin) + size * count + 1);
  char* at = made + strlen(strcpy(made, begin));
  size_t i;
  for (i = 0; i < count; ++i, at += size) memcpy(at, text, size);
  *at = '\0';
  return made;
}

static void deep_nesting(void) {
  char* request = repeated("{\"a\":", "[", 1000000);
  refuse_everywhere(request, "64 levels");
  free(request);
  request = repeated("", "{\"a\":", 1000000);
  refuse_everywhere(request, "64 levels");
  free(request);
}

static void huge(void) {
  char* request = repeated("{\"a\": \"", "0123456789", 10000000);
  refuse_everywhere(request, "more than");
  free(request);
}

/* The list above is of all operations: two more have a file's bytes. */
static void all_of_them(void) {
  sb_client* made = NULL;
  sb_result* result = NULL;
  CHECK(sb_client_new(NULL, &made, &result) == SB_OK);
  CHECK(sb_result_get(result, text_of("/operations/%zu", OPERATIONS + 1)) != NULL);
  CHECK(sb_result_get(result, text_of("/operations/%zu", OPERATIONS + 2)) == NULL);
  sb_result_free(result);
  sb_client_free(made);
}

static void configurations(void) {
  sb_client* made = NULL;
  CHECK_CALL(sb_client_new("{\"author\": \"nobody\"}", &made, &call_result), SB_USAGE, "bad_option");
  CHECK_CALL(sb_client_new("{\"timeout\": \"5 minutes\"}", &made, &call_result), SB_USAGE, "bad_option");
  CHECK_CALL(sb_client_new("{\"logLevel\": \"loud\"}", &made, &call_result), SB_USAGE, "bad_option");
  CHECK_CALL(sb_client_new("{\"gitops\": 1}", &made, &call_result), SB_USAGE, "bad_request");
  CHECK(made == NULL);
  CHECK_CALL(sb_client_new("{\"gitops\": \"/nonexistent\", \"config\": \"/nonexistent.yaml\"}", &made, &call_result),
             SB_OK, "");
  CHECK_CALL(sb_status(made, NULL, &call_result), SB_NOT_FOUND, "file_missing");
  sb_client_free(made);
}

int main(void) {
  CHECK(sb_client_new("{}", &client, NULL) == SB_OK);
  run_test("every operation is tried", all_of_them);
  run_test("what is no JSON object is refused", no_json);
  run_test("what is no UTF-8 is refused", invalid_utf8);
  run_test("an unknown member is refused and shown safely", unknown_members);
  run_test("a member that stands twice is refused", duplicate_members);
  run_test("a member of another type is refused", wrong_types);
  run_test("deep nesting is refused", deep_nesting);
  run_test("100 MB are refused", huge);
  run_test("a configuration is checked when the client is made and its files are read when it is used", configurations);
  sb_client_free(client);
  return end_tests();
}
