/* Ports that keep everything in memory, written in C against samebits.h alone. */
#ifndef SAMEBITS_TESTS_CAPI_MEMORY_PORTS_H
#define SAMEBITS_TESTS_CAPI_MEMORY_PORTS_H

#include <samebits.h>

/* Userdata of all of them; nothing is shared between two. */
typedef struct memory_ports memory_ports;

memory_ports* memory_ports_new(void);
/* Frees all that any of them kept. */
void memory_ports_free_all(void);

sb_code memory_registry(void* userdata, const char* request_json, sb_reply* reply);
sb_code memory_source(void* userdata, const char* request_json, sb_reply* reply);
sb_code memory_gitops(void* userdata, const char* request_json, sb_reply* reply);
sb_code memory_evidence(void* userdata, const char* request_json, sb_reply* reply);
sb_code memory_changes(void* userdata, const char* request_json, sb_reply* reply);
sb_code memory_releases(void* userdata, const char* request_json, sb_reply* reply);
sb_code memory_reconciler(void* userdata, const char* request_json, sb_reply* reply);
sb_code memory_clock(void* userdata, const char* request_json, sb_reply* reply);
sb_code memory_credentials(void* userdata, const char* request_json, sb_reply* reply);
/* Lets memory_credentials answer with the document for what lies below the target; NULL: with an error. */
void memory_credentials_put(memory_ports* ports, const char* target, const char* answer);

/* What the ports share; private to them. */
typedef struct {
  char* text;
  size_t size;
  size_t room;
} json_text;

/* Adds to a document: %s is text that is escaped and quoted, or null where it is NULL; %r is JSON; the rest stands as
 * it is. */
void json_add(json_text* json, const char* format, ...);
/* Answers with the document and empties it. */
sb_code json_answer(sb_reply* reply, json_text* json);
/* Answers with an error. */
sb_code json_error(sb_reply* reply, sb_code code, const char* name, const char* message);
/* Memory that is freed by memory_ports_free_all(). */
void* keep_bytes(const void* bytes, size_t size);
char* copy_text(const char* text);
/* The member's text; "" where it is absent. */
const char* asked(sb_reply* reply, const char* pointer);
int is_op(sb_reply* reply, const char* op);
/* Adds room for one record at the end of a list and gives it, zeroed. */
void* add_record(void** records, size_t* count, size_t size);

struct memory_manifest {
  char* digest;
  char* media_type;
  void* bytes;
  size_t size;
};
struct memory_tag {
  char* name;
  char* id;
  char* message;
};
struct memory_branch {
  char* name;
  char* commit;
};
struct memory_commit {
  char* id;
  char* parent;
  char* author;
  char* time;
  char* message;
  /* Of gitops: the files, by path. */
  struct memory_file* files;
  size_t file_count;
};
struct memory_file {
  char* path;
  char* blob;
  void* bytes;
  size_t size;
};
struct memory_evidence {
  char* commit;
  char* id;
  char* gate;
  char* conclusion;
  char* digest;
  /* The other members as JSON. */
  char* rest;
};
struct memory_change {
  char* number;
  char* head;
  char* merge_commit;
  /* As they are answered. */
  char* change;
  char* reviews;
};
struct memory_release {
  char* id;
  char* tag;
  /* The other members as JSON. */
  char* rest;
};
struct memory_application {
  char* name;
  /* As it is answered, now and after a refresh; NULL: a refresh brings nothing new. */
  const char* application;
  const char* refreshed;
  char* phase;
};
struct memory_credential {
  char* target;
  /* The answer, or NULL where it cannot be had. */
  char* answer;
};
struct memory_ports {
  struct memory_manifest* manifests;
  size_t manifest_count;
  struct memory_tag* tags;
  size_t tag_count;
  struct memory_branch* branches;
  size_t branch_count;
  struct memory_commit* commits;
  size_t commit_count;
  struct memory_file* blobs;
  size_t blob_count;
  struct memory_evidence* evidence;
  size_t evidence_count;
  struct memory_credential* credentials;
  size_t credential_count;
  struct memory_change* changes;
  size_t change_count;
  struct memory_release* releases;
  size_t release_count;
  struct memory_application* applications;
  size_t application_count;
  char* last_sync;
  char* tip;
  long long milliseconds;
};

#endif
