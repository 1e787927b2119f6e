/* After fork() without exec: the child frees what it inherited and makes new clients. */
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int promotes(sb_client* client) {
  sb_result* result = NULL;
  const sb_code code =
      sb_promote(client, text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", first_commit()), &result);
  const int good = code == SB_OK && sb_result_get(result, "/promotionId") != NULL;
  sb_result_free(result);
  return good;
}

static void in_a_child(void) {
  sb_client* inherited = pipeline_client();
  sb_result* result = NULL;
  int status = 0;
  pid_t child;
  /* libgit2, libcurl and OpenSSL have begun in the parent. */
  CHECK(promotes(inherited));
  CHECK(sb_features() != NULL);
  CHECK(sb_status(inherited, NULL, &result) == SB_OK);
  fflush(NULL);
  child = fork();
  if (child == 0) {
    sb_client* own;
    int good = strcmp(sb_result_get(result, "/environments/0/name"), "preprod") == 0;
    sb_result_free(result);
    sb_client_free(inherited);
    own = pipeline_client();
    good = good && promotes(own);
    sb_client_free(own);
    _exit(good && check_failures == 0 ? 0 : 1);
  }
  CHECK(child > 0 && waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK(promotes(inherited));
  sb_result_free(result);
  sb_client_free(inherited);
}

int main(void) {
  run_test("a child frees what it inherited and makes clients of its own", in_a_child);
  return end_tests();
}
