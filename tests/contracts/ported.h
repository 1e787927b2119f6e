/* The contract tests of every port, run on a custom port: what answers for it is a C function. */
#ifndef SAMEBITS_TESTS_CONTRACTS_PORTED_H
#define SAMEBITS_TESTS_CONTRACTS_PORTED_H

#include <samebits.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Runs the contract of "gitops", "source", "registry", "evidence", "changes", "releases", "reconciler", "clock" or
 * "credentials"; 0 if it is kept. Besides the questions of capi/README.md the port is asked, by tests only:
 *   {"op": "test_reset"}                                     forget everything
 *   {"op": "test_commit", "branch": B, "parent"?: ID}        source: a new commit that B points to; {"commit": ID}
 *   {"op": "test_put", "mediaType": T} and input 0           registry: a manifest without a tag
 *   {"op": "test_put", "change": {...}, "reviews": [...]}    changes: a pull request, as it is answered
 *   {"op": "test_put", "tag": NAME}                          releases: a Git tag
 *   {"op": "test_put", "application": {...}}                 reconciler: an application, as it is answered
 *   {"op": "test_refresh", "application": {...}}             reconciler: what the next refresh brings
 *   {"op": "test_sync"}                                      reconciler: {"sync": the last request of a sync as JSON}
 *   {"op": "test_put", "for": TARGET, "answer": {...}}       credentials: what proves who asks below TARGET
 *   {"op": "test_lose", "for": TARGET}                       credentials: there should be one, and it cannot be had */
__attribute__((visibility("default"))) int samebits_run_contract(const char* port, sb_port_fn call, void* userdata);

#ifdef __cplusplus
}
#endif

#endif
