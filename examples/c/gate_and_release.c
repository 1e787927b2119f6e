/* Records that the tests passed for a commit, and releases it as a version.
 *
 * usage: gate_and_release GITOPS COMMIT VERSION
 * cc gate_and_release.c $(pkg-config --cflags --libs samebits) -o gate_and_release */
#include <samebits.h>
#include <stdio.h>

/* Says how a call ended and passes its code on. */
static sb_code report(const char* what, sb_code code, sb_result* result) {
  if (code == SB_OK) {
    printf("%s: %s\n", what, sb_result_get(result, "/outcome"));
  } else {
    fprintf(stderr, "%s\n", sb_result_message(result));
  }
  sb_result_free(result);
  return code;
}

int main(int count, char** arguments) {
  char text[4096];
  sb_client* client = NULL;
  sb_result* result = NULL;
  sb_code code;
  if (count != 4) {
    fprintf(stderr, "usage: gate_and_release GITOPS COMMIT VERSION\n");
    return SB_USAGE;
  }
  snprintf(text, sizeof text, "{\"gitops\": \"%s\"}", arguments[1]);
  code = sb_client_new(text, &client, &result);
  if (code != SB_OK) return report("client", code, result);
  sb_result_free(result);

  snprintf(text, sizeof text, "{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"success\"}",
           arguments[2]);
  code = sb_gate_post(client, text, &result);
  code = report("gate", code, result);
  if (code == SB_OK) {
    snprintf(text, sizeof text, "{\"version\": \"%s\", \"sha\": \"%s\"}", arguments[3], arguments[2]);
    code = sb_release(client, text, &result);
    code = report("release", code, result);
  }
  sb_client_free(client);
  return code;
}
