/* Promotes the snapshot of a commit into an environment.
 *
 * usage: promote GITOPS ENVIRONMENT COMMIT
 * cc promote.c $(pkg-config --cflags --libs samebits) -o promote */
#include <samebits.h>
#include <stdio.h>

int main(int count, char** arguments) {
  char text[4096];
  sb_client* client = NULL;
  sb_result* result = NULL;
  sb_code code;
  if (count != 4) {
    fprintf(stderr, "usage: promote GITOPS ENVIRONMENT COMMIT\n");
    return SB_USAGE;
  }
  snprintf(text, sizeof text, "{\"gitops\": \"%s\"}", arguments[1]);
  code = sb_client_new(text, &client, &result);
  if (code == SB_OK) {
    sb_result_free(result);
    snprintf(text, sizeof text, "{\"environment\": \"%s\", \"sha\": \"%s\"}", arguments[2], arguments[3]);
    code = sb_promote(client, text, &result);
  }
  if (code == SB_OK) {
    printf("%s: %s runs %s\n", sb_result_get(result, "/outcome"), arguments[2], sb_result_get(result, "/images/0/tag"));
  } else {
    fprintf(stderr, "%s\n", sb_result_message(result));
  }
  sb_result_free(result);
  sb_client_free(client);
  return code;
}
