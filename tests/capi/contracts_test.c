/* The ports in memory, written in C, keep the contracts that our own adapters keep. */
#include "check.h"
#include "contracts/ported.h"
#include "memory_ports.h"

static void registry(void) { CHECK(samebits_run_contract("registry", memory_registry, memory_ports_new()) == 0); }
static void source(void) { CHECK(samebits_run_contract("source", memory_source, memory_ports_new()) == 0); }
static void gitops(void) { CHECK(samebits_run_contract("gitops", memory_gitops, memory_ports_new()) == 0); }
static void evidence(void) { CHECK(samebits_run_contract("evidence", memory_evidence, memory_ports_new()) == 0); }
static void changes(void) { CHECK(samebits_run_contract("changes", memory_changes, memory_ports_new()) == 0); }
static void releases(void) { CHECK(samebits_run_contract("releases", memory_releases, memory_ports_new()) == 0); }
static void reconciler(void) { CHECK(samebits_run_contract("reconciler", memory_reconciler, memory_ports_new()) == 0); }
static void clock_port(void) { CHECK(samebits_run_contract("clock", memory_clock, memory_ports_new()) == 0); }
static void credentials(void) {
  CHECK(samebits_run_contract("credentials", memory_credentials, memory_ports_new()) == 0);
}

/* Breaks the registry: every tag has another digest. */
static sb_code wrong_registry(void* userdata, const char* request_json, sb_reply* reply) {
  if (is_op(reply, "resolve")) return sb_reply_json(reply, text_of("{\"digest\": \"sha256:%064d\"}", 1));
  return memory_registry(userdata, request_json, reply);
}

/* Breaks pull requests: nobody ever said anything of one. */
static sb_code wrong_changes(void* userdata, const char* request_json, sb_reply* reply) {
  if (is_op(reply, "reviews")) return sb_reply_json(reply, "{\"reviews\": []}");
  return memory_changes(userdata, request_json, reply);
}

/* Breaks releases: each is made anew. */
static sb_code wrong_releases(void* userdata, const char* request_json, sb_reply* reply) {
  if (is_op(reply, "create")) ((memory_ports*)userdata)->release_count = 0;
  return memory_releases(userdata, request_json, reply);
}

/* Breaks the reconciler: it says that it refreshed. */
static sb_code wrong_reconciler(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  if (is_op(reply, "application") && ports->application_count > 0) ports->applications[0].refreshed = NULL;
  return memory_reconciler(userdata, request_json, reply);
}

static void broken(void) {
  CHECK(samebits_run_contract("registry", wrong_registry, memory_ports_new()) != 0);
  CHECK(samebits_run_contract("changes", wrong_changes, memory_ports_new()) != 0);
  CHECK(samebits_run_contract("releases", wrong_releases, memory_ports_new()) != 0);
  CHECK(samebits_run_contract("reconciler", wrong_reconciler, memory_ports_new()) != 0);
  CHECK(samebits_run_contract("registries", memory_registry, memory_ports_new()) != 0);
}

int main(void) {
  run_test("a registry in C keeps the contract of Registry", registry);
  run_test("a source in C keeps the contract of Source", source);
  run_test("a GitOps repository in C keeps the contract of GitOps", gitops);
  run_test("evidence in C keeps the contract of Evidence", evidence);
  run_test("pull requests in C keep the contract of Changes", changes);
  run_test("releases in C keep the contract of Releases", releases);
  run_test("a reconciler in C keeps the contract of Reconciler", reconciler);
  run_test("a clock in C keeps the contract of Clock", clock_port);
  run_test("credentials in C keep the contract of Credentials", credentials);
  run_test("a port that answers wrongly does not keep its contract", broken);
  memory_ports_free_all();
  return end_tests();
}
