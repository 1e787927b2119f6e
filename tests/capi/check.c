#include "check.h"

#include <stdarg.h>
#include <unistd.h>

int check_failures = 0;
sb_result* call_result = NULL;

void check_failed(const char* file, int line, const char* what, const char* more) {
  ++check_failures;
  printf("%s:%d: failed: %s%s%s\n", file, line, what, more == NULL ? "" : ": ", more == NULL ? "" : more);
}

void check_text(const char* file, int line, const char* what, const char* text, const char* wanted) {
  if (text == NULL && wanted == NULL) return;
  if (text == NULL || wanted == NULL || strcmp(text, wanted) != 0) check_failed(file, line, what, text);
}

void check_has(const char* file, int line, const char* text, const char* part) {
  if (text == NULL || strstr(text, part) == NULL) {
    check_failed(file, line, part, "is not in");
    printf("  %s\n", text == NULL ? "(NULL)" : text);
  }
}

void check_call(const char* file, int line, const char* what, sb_code got, sb_code code, const char* error) {
  const char* found = sb_result_get(call_result, "/error/code");
  if (got != code || sb_result_code(call_result) != code || strcmp(found == NULL ? "" : found, error) != 0) {
    check_failed(file, line, what, sb_code_name(got));
    printf("  %s\n", sb_result_json(call_result));
  }
  sb_result_free(call_result);
  call_result = NULL;
}

void run_test(const char* name, void (*test)(void)) {
  const int before = check_failures;
  test();
  printf("%s: %s\n", check_failures == before ? "passed" : "FAILED", name);
  fflush(stdout);
}

static char folder[64] = "";
static char commits[2][80];

static void run(const char* command) {
  if (system(command) != 0) {
    printf("failed: %s\n", command);
    exit(1);
  }
}

void remove_pipeline(void) {
  if (folder[0] != '\0') run(text_of("rm -rf '%s'", folder));
  folder[0] = '\0';
}

void make_pipeline(void) { make_pipeline_of("oci:../images"); }

void make_pipeline_of(const char* image) {
  FILE* list;
  int i;
  remove_pipeline();
  strcpy(folder, "/tmp/samebits-capi-XXXXXX");
  if (mkdtemp(folder) == NULL) exit(1);
  run(text_of("'%s' '%s' '%s' '%s'", SAMEBITS_PYTHON, SAMEBITS_MAKE_PIPELINE, folder, image));
  list = fopen(text_of("%s/commits.txt", folder), "r");
  for (i = 0; i < 2; ++i) {
    if (list == NULL || fgets(commits[i], sizeof commits[i], list) == NULL) exit(1);
    commits[i][strcspn(commits[i], "\n")] = '\0';
  }
  fclose(list);
}

const char* pipeline_folder(void) {
  if (folder[0] == '\0') make_pipeline();
  return folder;
}

const char* first_commit(void) { return pipeline_folder() == NULL ? NULL : commits[0]; }
const char* second_commit(void) { return pipeline_folder() == NULL ? NULL : commits[1]; }

sb_client* pipeline_client(void) {
  sb_client* client = NULL;
  const sb_code code = sb_client_new(
      text_of("{\"gitops\": \"%s/gitops.git\", \"author\": \"Ada <ada@example.com>\"}", pipeline_folder()), &client,
      NULL);
  CHECK(code == SB_OK);
  return client;
}

const char* text_of(const char* format, ...) {
  static char buffers[8][4096];
  static unsigned next = 0;
  char* buffer = buffers[next++ % 8];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(buffer, sizeof buffers[0], format, arguments);
  va_end(arguments);
  return buffer;
}

int end_tests(void) {
  remove_pipeline();
  printf("%s\n", check_failures == 0 ? "all passed" : "some failed");
  return check_failures == 0 ? 0 : 1;
}
