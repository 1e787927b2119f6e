/* What the C tests are written with. */
#ifndef SAMEBITS_TESTS_CAPI_CHECK_H
#define SAMEBITS_TESTS_CAPI_CHECK_H

#include <samebits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern int check_failures;

/* The test goes on after a failed check and fails at its end. */
#define CHECK(condition)                                                  \
  do {                                                                    \
    if (!(condition)) check_failed(__FILE__, __LINE__, #condition, NULL); \
  } while (0)
#define CHECK_TEXT(text, wanted) check_text(__FILE__, __LINE__, #text, (text), (wanted))
#define CHECK_HAS(text, part) check_has(__FILE__, __LINE__, (text), (part))
/* Calls an operation, checks its code and its error's code ("" for none), and frees the result. */
#define CHECK_CALL(call, code, error) check_call(__FILE__, __LINE__, #call, (call), (code), (error))

/* The result of the call that CHECK_CALL looks at. */
extern sb_result* call_result;

void check_failed(const char* file, int line, const char* what, const char* more);
void check_text(const char* file, int line, const char* what, const char* text, const char* wanted);
void check_has(const char* file, int line, const char* text, const char* part);
void check_call(const char* file, int line, const char* what, sb_code got, sb_code code, const char* error);

/* Runs one test; its name is a sentence that states the rule. */
void run_test(const char* name, void (*test)(void));
/* The exit status. */
int end_tests(void);

/* A pipeline in a new temporary folder, made once a program: see tests/support/make_pipeline.py. */
const char* pipeline_folder(void);
const char* first_commit(void);
const char* second_commit(void);
/* Makes it anew. */
void make_pipeline(void);
void remove_pipeline(void);
/* A client on it. */
sb_client* pipeline_client(void);
/* Prints into one of a few buffers that are used in turn. */
const char* text_of(const char* format, ...) __attribute__((format(printf, 1, 2)));

#endif
