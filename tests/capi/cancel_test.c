/* Cancellation, deadlines and the log. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* How a port that waits and the thread that fires meet. */
struct meeting {
  int asked[2];
  sb_cancel* cancel;
  double fired;
};

/* Waits until nobody wants the answer any more, as a port that polls a socket does. */
static sb_code waiting_port(void* userdata, const char* request_json, sb_reply* reply) {
  struct meeting* meeting = userdata;
  struct pollfd nothing = {-1, 0, 0};
  (void)request_json;
  CHECK(write(meeting->asked[1], "x", 1) == 1);
  while (!sb_reply_cancelled(reply)) poll(&nothing, 1, 10);
  return SB_CANCELLED;
}

static void* fire_when_asked(void* userdata) {
  struct meeting* meeting = userdata;
  char byte;
  if (read(meeting->asked[0], &byte, 1) != 1) return NULL;
  meeting->fired = now();
  sb_cancel_fire(meeting->cancel);
  return NULL;
}

static sb_client* waiting_client(struct meeting* meeting) {
  sb_client* client = pipeline_client();
  CHECK(pipe(meeting->asked) == 0);
  CHECK(sb_client_set_port(client, "registry", waiting_port, meeting, NULL, NULL) == SB_OK);
  return client;
}

static void end_meeting(struct meeting* meeting) {
  close(meeting->asked[0]);
  close(meeting->asked[1]);
}

static const char* promotion(void) {
  return text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", first_commit());
}

/* How long a call takes to end once it is cancelled, at best: where others keep the machine busy, one try says little.
 */
static double time_to_end(struct meeting* meeting, void* (*fire)(void*), sb_client* client,
                          sb_code (*call)(sb_client*, const char*, sb_result**), const char* request) {
  double best = 1e9;
  int i;
  for (i = 0; i < 5; ++i) {
    pthread_t thread;
    double ended;
    sb_cancel_reset(meeting->cancel);
    pthread_create(&thread, NULL, fire, meeting);
    CHECK_CALL(call(client, request, &call_result), SB_CANCELLED, "cancelled");
    ended = now();
    pthread_join(thread, NULL);
    if (ended - meeting->fired < best) best = ended - meeting->fired;
  }
  return best;
}

static void cancelled_in_a_port(void) {
  struct meeting meeting = {{-1, -1}, NULL, 0};
  sb_client* client = waiting_client(&meeting);
  meeting.cancel = sb_cancel_new();
  CHECK(sb_client_set_cancel(client, meeting.cancel) == SB_OK);
  CHECK(time_to_end(&meeting, fire_when_asked, client, sb_promote, promotion()) < 0.1);
  /* Sticky. */
  CHECK_CALL(sb_promote(client, promotion(), &call_result), SB_CANCELLED, "cancelled");
  CHECK_CALL(sb_status(client, NULL, &call_result), SB_CANCELLED, "cancelled");
  sb_cancel_reset(meeting.cancel);
  CHECK_CALL(sb_status(client, NULL, &call_result), SB_OK, "");
  sb_cancel_fire(meeting.cancel);
  CHECK(sb_client_set_cancel(client, NULL) == SB_OK);
  CHECK_CALL(sb_status(client, NULL, &call_result), SB_OK, "");
  sb_client_free(client);
  sb_cancel_free(meeting.cancel);
  end_meeting(&meeting);
}

/* A server that takes a connection and never answers: `asked` is its socket. */
static void* fire_when_connected(void* userdata) {
  struct meeting* meeting = userdata;
  char begin[64];
  const int connection = accept(meeting->asked[0], NULL, NULL);
  if (connection < 0 || read(connection, begin, sizeof begin) <= 0) return NULL;
  meeting->fired = now();
  sb_cancel_fire(meeting->cancel);
  meeting->asked[1] = connection;
  return NULL;
}

static void cancelled_at_a_server(void) {
  struct meeting meeting = {{-1, -1}, NULL, 0};
  struct sockaddr_in address = {0};
  socklen_t size = sizeof address;
  sb_client* client = NULL;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  meeting.asked[0] = socket(AF_INET, SOCK_STREAM, 0);
  CHECK(bind(meeting.asked[0], (struct sockaddr*)&address, sizeof address) == 0);
  CHECK(listen(meeting.asked[0], 8) == 0);
  CHECK(getsockname(meeting.asked[0], (struct sockaddr*)&address, &size) == 0);
  meeting.cancel = sb_cancel_new();
  CHECK(sb_client_new(NULL, &client, NULL) == SB_OK);
  CHECK(sb_client_set_cancel(client, meeting.cancel) == SB_OK);
  CHECK(time_to_end(&meeting, fire_when_connected, client, sb_image_show,
                    text_of("{\"ref\": \"127.0.0.1:%d/app:x\"}", ntohs(address.sin_port))) < 0.1);
  sb_client_free(client);
  sb_cancel_free(meeting.cancel);
  end_meeting(&meeting);
}

static void deadlines(void) {
  struct meeting meeting = {{-1, -1}, NULL, 0};
  sb_client* client = waiting_client(&meeting);
  sb_result* result = NULL;
  const double begin = now();
  CHECK(sb_promote(client,
                   text_of("{\"environment\": \"preprod\", \"sha\": \"%s\", \"timeout\": \"1s\"}", first_commit()),
                   &result) != SB_OK);
  CHECK_TEXT(sb_result_get(result, "/error/code"), "timed_out");
  CHECK(now() - begin < 10 && now() - begin > 0.9);
  sb_result_free(result);
  sb_client_free(client);
  end_meeting(&meeting);
}

static char lines[8192];
static int worst = 0;

static void collect(void* userdata, int32_t level, const char* line) {
  CHECK(userdata == lines);
  if (level > worst) worst = level;
  strncat(lines, line, sizeof lines - strlen(lines) - 2);
  strcat(lines, "\n");
}

static void logs(void) {
  sb_client* client = NULL;
  CHECK(sb_client_new(text_of("{\"gitops\": \"%s/gitops.git\", \"logLevel\": \"trace\"}", pipeline_folder()), &client,
                      NULL) == SB_OK);
  CHECK(sb_client_set_log(client, collect, lines, NULL, NULL) == SB_OK);
  CHECK_CALL(sb_gate_post(client,
                          text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"failure\", "
                                  "\"digest\": \"sha256:%064d\"}",
                                  first_commit(), 0),
                          &call_result),
             SB_POLICY, "superseded");
  CHECK_CALL(sb_promote(client, promotion(), &call_result), SB_OK, "");
  CHECK_CALL(sb_gate_post(
                 client,
                 text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"failure\"}", first_commit()),
                 &call_result),
             SB_OK, "");
  CHECK_HAS(lines, "the ledger's commit is");
  CHECK(worst == 3);
  CHECK(sb_client_set_log(client, NULL, NULL, NULL, NULL) == SB_OK);
  lines[0] = '\0';
  CHECK_CALL(sb_gate_post(
                 client,
                 text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"success\"}", first_commit()),
                 &call_result),
             SB_OK, "");
  CHECK_TEXT(lines, "");
  sb_client_free(client);
}

static void levels(void) {
  sb_client* client = pipeline_client();
  lines[0] = '\0';
  CHECK(sb_client_set_log(client, collect, lines, NULL, NULL) == SB_OK);
  CHECK_CALL(sb_gate_post(client,
                          text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"cancelled\"}",
                                  first_commit()),
                          &call_result),
             SB_OK, "");
  CHECK_TEXT(lines, "");
  sb_client_free(client);
}

int main(void) {
  run_test("a call is cancelled within 100 ms inside a port and stays so until reset", cancelled_in_a_port);
  run_test("a call is cancelled within 100 ms while a server does not answer", cancelled_at_a_server);
  run_test("a request's timeout ends a port that waits", deadlines);
  run_test("log lines come to the callback", logs);
  run_test("lines beyond the level stay away", levels);
  return end_tests();
}
