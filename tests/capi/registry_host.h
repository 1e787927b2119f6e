/* A real registry on loopback with the repository `app`: see tests/servers/registry_server.hpp. One at a time. */
#ifndef SAMEBITS_TESTS_CAPI_REGISTRY_HOST_H
#define SAMEBITS_TESTS_CAPI_REGISTRY_HOST_H

#ifdef __cplusplus
extern "C" {
#endif

#define REGISTRY_HOST_API __attribute__((visibility("default")))

/* Starts one that wants "ci" and "secret-0123" (mode "htpasswd") or one with TLS (mode "tls"), instead of the one that
 * runs. Gives its localhost:PORT, or NULL after it has said why. */
REGISTRY_HOST_API const char* registry_host_start(const char* mode);
/* File with the authority that signed its certificate. */
REGISTRY_HOST_API const char* registry_host_ca(void);
/* Copies an image of a layout to it. 0 where that is done. */
REGISTRY_HOST_API int registry_host_push(const char* layout, const char* tag, const char* repository);
/* Stops it and removes its files. */
REGISTRY_HOST_API void registry_host_stop(void);

#ifdef __cplusplus
}
#endif

#endif
