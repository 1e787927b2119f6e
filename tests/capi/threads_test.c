/* Many threads: a client each, and one result for all. */
#include <pthread.h>

#include "check.h"

#define THREADS 16
#define ROUNDS 8

struct worker {
  pthread_t thread;
  int number;
  int failures;
  sb_cancel* cancel;
};

static void expect(struct worker* worker, int condition) {
  if (!condition) ++worker->failures;
}

static void* work(void* userdata) {
  struct worker* worker = userdata;
  char config[256];
  char request[256];
  sb_client* client = NULL;
  sb_result* result = NULL;
  int round;
  snprintf(config, sizeof config, "{\"gitops\": \"%s/gitops.git\"}", pipeline_folder());
  snprintf(request, sizeof request, "{\"environment\": \"preprod\", \"sha\": \"%s\"}", second_commit());
  expect(worker, sb_client_new(config, &client, NULL) == SB_OK);
  expect(worker, sb_client_set_cancel(client, worker->cancel) == SB_OK);
  for (round = 0; round < ROUNDS; ++round) {
    expect(worker, sb_promote(client, request, &result) == SB_OK);
    expect(worker, sb_result_get(result, "/promotionId") != NULL);
    sb_result_free(result);
    expect(worker, sb_status(client, NULL, &result) == SB_OK);
    expect(worker, strcmp(sb_result_get(result, "/environments/0/name"), "preprod") == 0);
    sb_result_free(result);
    expect(worker, sb_release(client, "{\"version\": \"1.0.0\"}", &result) == SB_POLICY);
    sb_result_free(result);
    expect(worker, sb_values_edit("a: 1\n", 5, "{\"set\": [\"a=2\"]}", &result) == SB_OK);
    sb_result_free(result);
    expect(worker, strcmp(sb_features(), sb_features()) == 0);
  }
  sb_client_free(client);
  return NULL;
}

static void clients(void) {
  struct worker workers[THREADS];
  sb_cancel* cancel = sb_cancel_new();
  int i;
  pipeline_folder();
  for (i = 0; i < THREADS; ++i) {
    workers[i].number = i;
    workers[i].failures = 0;
    workers[i].cancel = cancel;
    pthread_create(&workers[i].thread, NULL, work, &workers[i]);
  }
  for (i = 0; i < THREADS; ++i) {
    pthread_join(workers[i].thread, NULL);
    CHECK(workers[i].failures == 0);
  }
  sb_cancel_free(cancel);
}

static void* read_result(void* result) {
  static const char* const pointers[] = {"/kind", "/tags/0/tag", "/tags/1/version", "/tags/2/track", "/absent", ""};
  size_t wrong = 0;
  int round;
  for (round = 0; round < 100; ++round) {
    const char* text = sb_result_get(result, pointers[round % 6]);
    wrong += (text == NULL) != (round % 6 == 4);
    wrong += strlen(sb_result_json(result)) < 10 || sb_result_code(result) != SB_OK;
  }
  return (void*)wrong;
}

static void one_result(void) {
  pthread_t threads[THREADS];
  sb_result* result = NULL;
  int i;
  CHECK(sb_tag_sort(NULL, "{\"tags\": [\"v3.0.0\", \"v1.0.0\", \"v2.0.0\"]}", &result) == SB_OK);
  for (i = 0; i < THREADS; ++i) pthread_create(&threads[i], NULL, read_result, result);
  for (i = 0; i < THREADS; ++i) {
    void* wrong = NULL;
    pthread_join(threads[i], &wrong);
    CHECK(wrong == NULL);
  }
  sb_result_free(result);
}

static void* fire(void* cancel) {
  sb_cancel_fire(cancel);
  return NULL;
}

static void cancel_all(void) {
  sb_cancel* cancel = sb_cancel_new();
  sb_client* client = pipeline_client();
  pthread_t thread;
  sb_code code = SB_OK;
  CHECK(sb_client_set_cancel(client, cancel) == SB_OK);
  pthread_create(&thread, NULL, fire, cancel);
  while (code == SB_OK) code = sb_status(client, NULL, NULL);
  CHECK(code == SB_CANCELLED);
  pthread_join(thread, NULL);
  sb_client_free(client);
  sb_cancel_free(cancel);
}

static void* use(void* client) {
  sb_result* result = NULL;
  const sb_code code = sb_status(client, NULL, &result);
  const int good = code == SB_OK || (code == SB_USAGE && strstr(sb_result_message(result), "another call") != NULL);
  sb_result_free(result);
  return good ? NULL : client;
}

static void one_client(void) {
  pthread_t threads[THREADS];
  sb_client* client = pipeline_client();
  int i;
  for (i = 0; i < THREADS; ++i) pthread_create(&threads[i], NULL, use, client);
  for (i = 0; i < THREADS; ++i) {
    void* wrong = NULL;
    pthread_join(threads[i], &wrong);
    CHECK(wrong == NULL);
  }
  sb_client_free(client);
}

int main(void) {
  run_test("16 threads with a client each do as one does", clients);
  run_test("16 threads read one result", one_result);
  run_test("a token is fired by another thread", cancel_all);
  run_test("a client that is in a call refuses another thread", one_client);
  return end_tests();
}
