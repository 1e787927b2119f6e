/* A small pipeline to test with. */
#ifndef SAMEBITS_TESTS_CAPI_PIPELINE_H
#define SAMEBITS_TESTS_CAPI_PIPELINE_H

#include <samebits.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A pipeline in a new temporary folder, made once a program: see tests/support/make_pipeline.py. */
const char* pipeline_folder(void);
const char* first_commit(void);
const char* second_commit(void);
/* Makes it anew. */
void make_pipeline(void);
/* Makes it anew with an image that is elsewhere. */
void make_pipeline_of(const char* image);
void remove_pipeline(void);
/* A client on it. */
sb_client* pipeline_client(void);
/* Prints into one of a few buffers that are used in turn. */
const char* text_of(const char* format, ...) __attribute__((format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif

#endif
