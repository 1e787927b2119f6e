/* The cases of samebits.yaml that the library has, through the C ABI: sb_check() finds what is written beside them.
 *
 * usage: capi_config_cases FOLDER  (tests/cases/config) */
#include <dirent.h>

#include "check.h"

/* The findings of the definition, as findings.txt has them. */
static void findings_of(const char* file, char* text, size_t room) {
  sb_client* client = NULL;
  sb_result* result = NULL;
  const char* code;
  size_t used = 0;
  int i;
  text[0] = '\0';
  CHECK(sb_client_new(text_of("{\"gitops\": \"%s/gitops.git\", \"config\": \"%s\"}", pipeline_folder(), file), &client,
                      NULL) == SB_OK);
  sb_check(client, NULL, &result);
  CHECK_TEXT(sb_result_get(result, "/kind"), "Report");
  for (i = 0; (code = sb_result_get(result, text_of("/findings/%d/code", i))) != NULL; ++i) {
    /* What lies elsewhere than in the definition is the pipeline's matter. */
    const char* where = sb_result_get(result, text_of("/findings/%d/where/file", i));
    if (strcmp(code, "bad_config") != 0 || where == NULL || strcmp(where, file) != 0) continue;
    used += (size_t)snprintf(text + used, room - used, "%s:%s %s\n  %s\n",
                             sb_result_get(result, text_of("/findings/%d/where/line", i)),
                             sb_result_get(result, text_of("/findings/%d/where/column", i)),
                             sb_result_get(result, text_of("/findings/%d/message", i)),
                             sb_result_get(result, text_of("/findings/%d/hint", i)));
    if (used >= room) exit(1);
  }
  sb_result_free(result);
  sb_client_free(client);
}

static void run_case(const char* folder) {
  static char definition[8192];
  static char found[65536];
  static char wanted[65536];
  FILE* file = fopen(text_of("%s/findings.txt", folder), "rb");
  if (file == NULL) exit(1);
  wanted[fread(wanted, 1, sizeof wanted - 1, file)] = '\0';
  fclose(file);
  snprintf(definition, sizeof definition, "%s/samebits.yaml", folder);
  findings_of(definition, found, sizeof found);
  if (strcmp(found, wanted) != 0) check_failed(__FILE__, __LINE__, folder, found);
}

int main(int count, char** arguments) {
  DIR* folder = count > 1 ? opendir(arguments[1]) : NULL;
  const struct dirent* entry;
  char path[4096];
  int cases = 0;
  if (folder == NULL) return 2;
  while ((entry = readdir(folder)) != NULL) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", arguments[1], entry->d_name);
    run_case(path);
    ++cases;
  }
  closedir(folder);
  CHECK(cases >= 30);
  printf("%d cases\n", cases);
  return end_tests();
}
