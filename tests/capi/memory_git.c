/* The source, the GitOps repository and the evidence, in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory_ports.h"

static sb_code unknown(sb_reply* reply) {
  return json_error(reply, SB_PROTOCOL, "unsupported", "this port does not know the question");
}

static char* new_id(char kind, size_t number) {
  char id[64];
  snprintf(id, sizeof id, "%c%039zx", kind, number);
  return copy_text(id);
}

static struct memory_commit* find_commit(memory_ports* ports, const char* id) {
  size_t i;
  for (i = 0; i < ports->commit_count; ++i)
    if (strcmp(ports->commits[i].id, id) == 0) return &ports->commits[i];
  return NULL;
}

/* Text without its empty last lines, and with a line break at its end. */
static char* as_message(const char* text) {
  char* message = malloc(strlen(text) + 2);
  char* kept;
  size_t size = strlen(text);
  while (size > 0 && text[size - 1] == '\n') --size;
  memcpy(message, text, size);
  strcpy(message + size, "\n");
  kept = copy_text(message);
  free(message);
  return kept;
}

/* -- Source -- */

static int is_ref_name(const char* name) {
  const size_t size = strlen(name);
  if (size == 0 || name[0] == '-' || name[0] == '/' || name[size - 1] == '/') return 0;
  if (strstr(name, "..") != NULL || strstr(name, "//") != NULL || strpbrk(name, " ~^:?*[\\") != NULL) return 0;
  return size < 5 || strcmp(name + size - 5, ".lock") != 0;
}

static struct memory_branch* find_branch(memory_ports* ports, const char* name) {
  size_t i;
  for (i = 0; i < ports->branch_count; ++i)
    if (strcmp(ports->branches[i].name, name) == 0) return &ports->branches[i];
  return NULL;
}

static sb_code test_commit(memory_ports* ports, sb_reply* reply) {
  json_text json = {NULL, 0, 0};
  struct memory_commit* made = add_record((void**)&ports->commits, &ports->commit_count, sizeof *made);
  struct memory_branch* branch = find_branch(ports, asked(reply, "/branch"));
  made->id = new_id('c', ports->commit_count);
  made->parent = copy_text(asked(reply, "/parent"));
  if (branch == NULL) {
    branch = add_record((void**)&ports->branches, &ports->branch_count, sizeof *branch);
    branch->name = copy_text(asked(reply, "/branch"));
  }
  branch->commit = made->id;
  json_add(&json, "{\"commit\": %s}", made->id);
  return json_answer(reply, &json);
}

static int is_ancestor(memory_ports* ports, const char* left, const char* right) {
  const struct memory_commit* at = find_commit(ports, right);
  for (; at != NULL; at = find_commit(ports, at->parent))
    if (strcmp(at->id, left) == 0) return 1;
  return 0;
}

static const char* ancestry(memory_ports* ports, const char* left, const char* right) {
  if (find_commit(ports, left) == NULL || find_commit(ports, right) == NULL) return NULL;
  if (strcmp(left, right) == 0) return "same";
  if (is_ancestor(ports, left, right)) return "ancestor";
  return is_ancestor(ports, right, left) ? "descendant" : "diverged";
}

static struct memory_tag* find_tag(memory_ports* ports, const char* name) {
  size_t i;
  for (i = 0; i < ports->tag_count; ++i)
    if (strcmp(ports->tags[i].name, name) == 0) return &ports->tags[i];
  return NULL;
}

static sb_code create_tag(memory_ports* ports, sb_reply* reply) {
  struct memory_tag* tag;
  if (find_tag(ports, asked(reply, "/name")) != NULL)
    return json_error(reply, SB_CONFLICT, "tag_exists", "a tag has that name");
  if (find_commit(ports, asked(reply, "/commit")) == NULL)
    return json_error(reply, SB_NOT_FOUND, "commit_missing", "there is no such commit");
  tag = add_record((void**)&ports->tags, &ports->tag_count, sizeof *tag);
  tag->name = copy_text(asked(reply, "/name"));
  tag->id = copy_text(asked(reply, "/commit"));
  tag->message = as_message(asked(reply, "/message"));
  return SB_OK;
}

static void add_tag(json_text* json, const struct memory_tag* tag) {
  json_add(json, "{\"name\": %s, \"commit\": %s, \"message\": %s}", tag->name, tag->id, tag->message);
}

static sb_code list_tags(memory_ports* ports, sb_reply* reply) {
  json_text json = {NULL, 0, 0};
  size_t i;
  json_add(&json, "{\"tags\": [");
  for (i = 0; i < ports->tag_count; ++i) {
    if (i > 0) json_add(&json, ", ");
    add_tag(&json, &ports->tags[i]);
  }
  json_add(&json, "]}");
  return json_answer(reply, &json);
}

sb_code memory_source(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  json_text json = {NULL, 0, 0};
  (void)request_json;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  if (is_op(reply, "test_commit")) return test_commit(ports, reply);
  if (is_op(reply, "branch_tip")) {
    const char* name = *asked(reply, "/branch") == '\0' ? "main" : asked(reply, "/branch");
    const struct memory_branch* branch = find_branch(ports, name);
    if (!is_ref_name(name)) return json_error(reply, SB_USAGE, "bad_option", "no branch can have that name");
    json_add(&json, "{\"commit\": %s}", branch == NULL ? NULL : branch->commit);
    return json_answer(reply, &json);
  }
  if (is_op(reply, "ancestry")) {
    json_add(&json, "{\"ancestry\": %s}", ancestry(ports, asked(reply, "/left"), asked(reply, "/right")));
    return json_answer(reply, &json);
  }
  if (is_op(reply, "list_tags")) return list_tags(ports, reply);
  if (!is_ref_name(asked(reply, "/name"))) return json_error(reply, SB_USAGE, "bad_tag", "no tag can have that name");
  if (is_op(reply, "create_tag")) return create_tag(ports, reply);
  if (!is_op(reply, "find_tag")) return unknown(reply);
  if (find_tag(ports, asked(reply, "/name")) == NULL) return SB_OK;
  json_add(&json, "{\"tag\": ");
  add_tag(&json, find_tag(ports, asked(reply, "/name")));
  json_add(&json, "}");
  return json_answer(reply, &json);
}

/* -- GitOps -- */

static struct memory_file* find_file(struct memory_file* files, size_t count, const char* path) {
  size_t i;
  for (i = 0; i < count; ++i)
    if (strcmp(files[i].path, path) == 0) return &files[i];
  return NULL;
}

/* Whether `path` lies below `folder`. */
static int is_below(const char* path, const char* folder) {
  const size_t size = strlen(folder);
  return strncmp(path, folder, size) == 0 && path[size] == '/';
}

/* The blob with these bytes; the same bytes are the same blob. */
static struct memory_file* blob_of(memory_ports* ports, const void* bytes, size_t size) {
  struct memory_file* made;
  size_t i;
  for (i = 0; i < ports->blob_count; ++i)
    if (ports->blobs[i].size == size && memcmp(ports->blobs[i].bytes, bytes, size) == 0) return &ports->blobs[i];
  made = add_record((void**)&ports->blobs, &ports->blob_count, sizeof *made);
  made->blob = new_id('b', ports->blob_count);
  made->bytes = keep_bytes(bytes, size);
  made->size = size;
  return made;
}

static void remove_file(struct memory_commit* commit, const char* path) {
  struct memory_file* file = find_file(commit->files, commit->file_count, path);
  if (file != NULL) *file = commit->files[--commit->file_count];
}

static int stands_in_the_way(const struct memory_commit* commit, const char* path) {
  size_t i;
  for (i = 0; i < commit->file_count; ++i)
    if (is_below(path, commit->files[i].path) || is_below(commit->files[i].path, path)) return 1;
  return 0;
}

static const char* change_member(sb_reply* reply, int index, const char* member) {
  char pointer[64];
  snprintf(pointer, sizeof pointer, "/changes/%d/%s", index, member);
  return sb_reply_get(reply, pointer);
}

static const char* apply_change(memory_ports* ports, sb_reply* reply, struct memory_commit* commit, int index) {
  const char* path = change_member(reply, index, "path");
  const char* input = change_member(reply, index, "input");
  struct memory_file* file;
  const struct memory_file* blob;
  const void* bytes;
  size_t size;
  int earlier;
  for (earlier = 0; earlier < index; ++earlier)
    if (strcmp(change_member(reply, earlier, "path"), path) == 0) return "bad_request";
  remove_file(commit, path);
  if (input == NULL) return NULL;
  if (stands_in_the_way(commit, path)) return "not_editable";
  bytes = sb_reply_input(reply, (size_t)atoi(input), &size);
  blob = blob_of(ports, bytes, size);
  file = add_record((void**)&commit->files, &commit->file_count, sizeof *file);
  *file = *blob;
  file->path = copy_text(path);
  return NULL;
}

static int same_files(const struct memory_commit* left, const struct memory_commit* right) {
  size_t i;
  if (left->file_count != right->file_count) return 0;
  for (i = 0; i < left->file_count; ++i) {
    const struct memory_file* other = find_file(right->files, right->file_count, left->files[i].path);
    if (other == NULL || strcmp(other->blob, left->files[i].blob) != 0) return 0;
  }
  return 1;
}

static sb_code make_commit(memory_ports* ports, sb_reply* reply) {
  json_text json = {NULL, 0, 0};
  const char* expected = asked(reply, "/expectedTip");
  const struct memory_commit* tip = ports->tip == NULL ? NULL : find_commit(ports, ports->tip);
  struct memory_commit next;
  int index;
  memset(&next, 0, sizeof next);
  if (strcmp(expected, ports->tip == NULL ? "" : ports->tip) != 0)
    return json_error(reply, SB_CONFLICT, "lost_race", "the branch has moved");
  if (tip != NULL) {
    next.file_count = tip->file_count;
    next.files = keep_bytes(tip->files, sizeof *next.files * tip->file_count);
  }
  for (index = 0; change_member(reply, index, "path") != NULL; ++index) {
    const char* wrong = apply_change(ports, reply, &next, index);
    if (wrong != NULL) return json_error(reply, SB_USAGE, wrong, "the change cannot be made");
  }
  if (tip == NULL || !same_files(tip, &next)) {
    const char* time = asked(reply, "/time");
    next.parent = copy_text(expected);
    next.author = copy_text(asked(reply, "/author"));
    next.time = copy_text(tip != NULL && strcmp(tip->time, time) > 0 ? tip->time : time);
    next.message = as_message(asked(reply, "/message"));
    next.id = new_id('a', ports->commit_count);
    ports->tip = next.id;
    *(struct memory_commit*)add_record((void**)&ports->commits, &ports->commit_count, sizeof next) = next;
  }
  json_add(&json, "{\"commit\": %s}", ports->tip);
  return json_answer(reply, &json);
}

static sb_code give_file(sb_reply* reply, const struct memory_commit* at) {
  json_text json = {NULL, 0, 0};
  const struct memory_file* file = find_file(at->files, at->file_count, asked(reply, "/path"));
  size_t i;
  if (file == NULL) {
    for (i = 0; i < at->file_count; ++i)
      if (is_below(at->files[i].path, asked(reply, "/path")))
        return json_error(reply, SB_USAGE, "not_editable", "a folder is there");
    return SB_OK;
  }
  json_add(&json, "{\"blob\": %s}", file->blob);
  json_answer(reply, &json);
  return sb_reply_bytes(reply, file->bytes, file->size);
}

static sb_code list_files(sb_reply* reply, const struct memory_commit* at) {
  json_text json = {NULL, 0, 0};
  const char* comma = "";
  size_t i;
  json_add(&json, "{\"entries\": [");
  for (i = 0; i < at->file_count; ++i) {
    if (!is_below(at->files[i].path, asked(reply, "/folder"))) continue;
    json_add(&json, comma);
    json_add(&json, "{\"path\": %s, \"blob\": %s}", at->files[i].path, at->files[i].blob);
    comma = ", ";
  }
  json_add(&json, "]}");
  return json_answer(reply, &json);
}

static sb_code commit_facts(memory_ports* ports, sb_reply* reply) {
  json_text json = {NULL, 0, 0};
  const struct memory_commit* found = find_commit(ports, asked(reply, "/commit"));
  if (found == NULL) return SB_OK;
  json_add(&json, "{\"facts\": {\"id\": %s, \"author\": %s, \"time\": %s, \"message\": %s, \"parents\": [", found->id,
           found->author, found->time, found->message);
  if (*found->parent != '\0') json_add(&json, "%s", found->parent);
  json_add(&json, "]}}");
  return json_answer(reply, &json);
}

static sb_code give_blob(memory_ports* ports, sb_reply* reply) {
  size_t i;
  for (i = 0; i < ports->blob_count; ++i)
    if (strcmp(ports->blobs[i].blob, asked(reply, "/blob")) == 0)
      return sb_reply_bytes(reply, ports->blobs[i].bytes, ports->blobs[i].size);
  return SB_OK;
}

sb_code memory_gitops(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  json_text json = {NULL, 0, 0};
  const struct memory_commit* at;
  (void)request_json;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  if (is_op(reply, "tip")) {
    json_add(&json, "{\"commit\": %s}", ports->tip);
    return json_answer(reply, &json);
  }
  if (is_op(reply, "read_blob")) return give_blob(ports, reply);
  if (is_op(reply, "commit_facts")) return commit_facts(ports, reply);
  if (is_op(reply, "commit")) return make_commit(ports, reply);
  at = find_commit(ports, asked(reply, "/at"));
  if (at == NULL) return json_error(reply, SB_NOT_FOUND, "commit_missing", "there is no such commit");
  if (is_op(reply, "read")) return give_file(reply, at);
  if (is_op(reply, "list")) return list_files(reply, at);
  return unknown(reply);
}
