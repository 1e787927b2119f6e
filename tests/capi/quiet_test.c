/* What must do no input or output does none: the kernel ends a process that tries. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* Files, sockets, other programs, and what is written to those that are open. */
static const int forbidden[] = {
    SYS_openat,    SYS_newfstatat, SYS_statx,     SYS_socket, SYS_connect, SYS_execve, SYS_unlinkat, SYS_mkdirat,
    SYS_renameat2, SYS_readlinkat, SYS_faccessat, SYS_write,  SYS_writev,  SYS_read,   SYS_sendto,   SYS_chdir,
#ifdef SYS_open
    SYS_open,      SYS_stat,       SYS_lstat,     SYS_access, SYS_fork,    SYS_vfork,  SYS_unlink,   SYS_mkdir,
#endif
};
#define FORBIDDEN (sizeof forbidden / sizeof forbidden[0])

static int forbid(void) {
  struct sock_filter rules[2 * FORBIDDEN + 2];
  struct sock_fprog program = {sizeof rules / sizeof rules[0], rules};
  size_t i;
  const struct sock_filter number = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
  const struct sock_filter end = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
  const struct sock_filter go_on = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  rules[0] = number;
  for (i = 0; i < FORBIDDEN; ++i) {
    const struct sock_filter compare = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)forbidden[i], 0, 1);
    rules[2 * i + 1] = compare;
    rules[2 * i + 2] = end;
  }
  rules[2 * FORBIDDEN + 1] = go_on;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Whether a process in which only memory and time may be asked for gets to the end of `work` with success. */
static int is_quiet(int (*work)(void)) {
  int status = 0;
  const pid_t child = fork();
  if (child == 0) _exit(!forbid() ? 2 : work() ? 0 : 1);
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Every member names something that is not there. */
static int make_clients(void) {
  static const char config[] =
      "{\"gitops\": \"https://git.invalid/x.git\", \"branch\": \"main\", \"config\": \"/nonexistent.yaml\", "
      "\"author\": \"Ada <ada@example.com>\", \"credentials\": [{\"for\": \"https://ghcr.io\", \"token\": \"t\"}], "
      "\"apps\": [{\"repository\": \"https://github.com/a/b\", \"app\": \"1\", \"privateKey\": \"k\"}], "
      "\"dockerConfig\": \"/nonexistent\", \"git\": {\"credentialHelpers\": true, \"ssh\": \"none\"}, "
      "\"proxy\": \"http://proxy.invalid:1\", \"ca\": \"/nonexistent\", \"clientCertificate\": \"/nonexistent\", "
      "\"insecure\": [\"h\"]}";
  sb_client* client = NULL;
  sb_cancel* cancel = sb_cancel_new();
  const int good = sb_client_new(config, &client, NULL) == SB_OK && sb_client_set_cancel(client, cancel) == SB_OK &&
                   sb_client_set_port(client, "clock", NULL, NULL, NULL, NULL) == SB_OK;
  sb_client_free(client);
  sb_cancel_free(cancel);
  client = NULL;
  return good && sb_client_new("{\"unknown\": 1}", &client, NULL) == SB_USAGE && client == NULL;
}

static int use_no_client(void) {
  sb_result* result = NULL;
  int good = sb_tag_parse(NULL, "{\"tag\": \"v1.2.3\"}", &result) == SB_OK;
  sb_result_free(result);
  good = good && sb_values_edit("a: 1\n", 5, "{\"set\": [\"a=2\"]}", &result) == SB_OK;
  good = good && sb_result_bytes(result, NULL) != NULL && sb_result_get(result, "/diff") != NULL;
  sb_result_free(result);
  good = good && sb_values_read("a: 1\na: 2\n", 10, "{\"paths\": \"a\"}", &result) == SB_USAGE;
  sb_result_free(result);
  return good;
}

static int look_at_a_file(void) {
  sb_result* result = NULL;
  sb_values_get(NULL, "{\"file\": \"/nonexistent\", \"paths\": \"a\"}", &result);
  sb_result_free(result);
  return 1;
}

static void clients(void) { CHECK(is_quiet(make_clients)); }
static void offline(void) { CHECK(is_quiet(use_no_client)); }
static void control(void) { CHECK(!is_quiet(look_at_a_file)); }

int main(void) {
  run_test("making a client opens nothing, asks nobody and writes nothing", clients);
  run_test("tags and values in memory need no file", offline);
  run_test("what opens a file would be seen", control);
  return end_tests();
}
