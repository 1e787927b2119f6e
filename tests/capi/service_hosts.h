/* Services on loopback that a client must know how to reach, for tests in C and Python. One at a time. */
#ifndef SAMEBITS_TESTS_CAPI_SERVICE_HOSTS_H
#define SAMEBITS_TESTS_CAPI_SERVICE_HOSTS_H

#ifdef __cplusplus
extern "C" {
#endif

#define SERVICE_HOST_API __attribute__((visibility("default")))

/* Starts a service instead of the one that runs. 0, or 1 after it has said why it does not run. What it gives:
 *   "forge"        GitHub's API as an app reaches it, and a pipeline whose source it has: "gitops", "repository",
 *                  "commit"; "app", "key" (PEM)
 *   "certificate"  a registry behind nginx that wants a client certificate: "ref", "ca", "certificate", "client-key"
 *   "git"          the repositories of `folder` behind sshd and behind nginx with passwords: "ssh" (the command as a
 *                  JSON list), "http" (its http://HOST:PORT/auth), "username", "password" */
SERVICE_HOST_API int service_host_start(const char* kind, const char* folder);
/* A fact of the service that runs; NULL where it has no such one. */
SERVICE_HOST_API const char* service_host_fact(const char* name);
/* Stops it and removes its files. */
SERVICE_HOST_API void service_host_stop(void);

#ifdef __cplusplus
}
#endif

#endif
