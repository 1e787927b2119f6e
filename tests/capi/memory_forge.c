/* Pull requests and releases in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory_ports.h"

static sb_code unknown(sb_reply* reply) {
  return json_error(reply, SB_PROTOCOL, "unsupported", "this port does not know the question");
}

static sb_code put_change(memory_ports* ports, sb_reply* reply) {
  struct memory_change* made = add_record((void**)&ports->changes, &ports->change_count, sizeof *made);
  made->number = copy_text(asked(reply, "/change/number"));
  made->head = copy_text(asked(reply, "/change/head"));
  made->merge_commit = copy_text(asked(reply, "/change/mergeCommit"));
  made->change = copy_text(asked(reply, "/change"));
  made->reviews = copy_text(asked(reply, "/reviews"));
  return SB_OK;
}

static const struct memory_change* find_change(const memory_ports* ports, sb_reply* reply) {
  size_t i;
  for (i = 0; i < ports->change_count; ++i)
    if (strcmp(ports->changes[i].number, asked(reply, "/number")) == 0) return &ports->changes[i];
  return NULL;
}

static sb_code changes_of_commit(const memory_ports* ports, sb_reply* reply) {
  json_text json = {NULL, 0, 0};
  const char* commit = asked(reply, "/commit");
  const char* comma = "";
  size_t i;
  json_add(&json, "{\"changes\": [");
  for (i = 0; i < ports->change_count; ++i) {
    const struct memory_change* one = &ports->changes[i];
    if (strcmp(one->head, commit) != 0 && strcmp(one->merge_commit, commit) != 0) continue;
    json_add(&json, "%r%r", comma, one->change);
    comma = ", ";
  }
  json_add(&json, "]}");
  return json_answer(reply, &json);
}

sb_code memory_changes(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  json_text json = {NULL, 0, 0};
  const struct memory_change* found;
  (void)request_json;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  if (is_op(reply, "test_put")) return put_change(ports, reply);
  if (is_op(reply, "branch")) return sb_reply_json(reply, "{\"branch\": \"main\"}");
  if (is_op(reply, "of_commit")) return changes_of_commit(ports, reply);
  found = find_change(ports, reply);
  if (is_op(reply, "find")) {
    if (found == NULL) return SB_OK;
    json_add(&json, "{\"change\": %r}", found->change);
    return json_answer(reply, &json);
  }
  if (!is_op(reply, "reviews")) return unknown(reply);
  if (found == NULL) return json_error(reply, SB_NOT_FOUND, "pull_request_missing", "there is no such pull request");
  json_add(&json, "{\"reviews\": %r}", found->reviews);
  return json_answer(reply, &json);
}

static struct memory_release* find_release(memory_ports* ports, const char* tag) {
  size_t i;
  for (i = 0; i < ports->release_count; ++i)
    if (strcmp(ports->releases[i].tag, tag) == 0) return &ports->releases[i];
  return NULL;
}

static sb_code give_release(sb_reply* reply, const struct memory_release* release) {
  json_text json = {NULL, 0, 0};
  if (release == NULL) return SB_OK;
  json_add(&json, "{\"release\": {\"id\": %s, \"tag\": %s, %r}}", release->id, release->tag, release->rest);
  return json_answer(reply, &json);
}

static sb_code create_release(memory_ports* ports, sb_reply* reply) {
  json_text rest = {NULL, 0, 0};
  char id[32];
  struct memory_release* made;
  if (find_release(ports, asked(reply, "/tag")) != NULL)
    return json_error(reply, SB_CONFLICT, "tag_exists", "the tag has a release");
  made = add_record((void**)&ports->releases, &ports->release_count, sizeof *made);
  snprintf(id, sizeof id, "%zu", ports->release_count);
  json_add(&rest, "\"target\": %s, \"title\": %s, \"notes\": %s, \"preRelease\": %r", asked(reply, "/commit"),
           asked(reply, "/title"), asked(reply, "/notes"), asked(reply, "/preRelease"));
  made->id = copy_text(id);
  made->tag = copy_text(asked(reply, "/tag"));
  made->rest = copy_text(rest.text);
  free(rest.text);
  return give_release(reply, made);
}

sb_code memory_releases(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  (void)request_json;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  /* Its releases need no Git tag. */
  if (is_op(reply, "test_put") || is_op(reply, "notes")) return SB_OK;
  if (is_op(reply, "find")) return give_release(reply, find_release(ports, asked(reply, "/tag")));
  if (is_op(reply, "create")) return create_release(ports, reply);
  /* There are no drafts to publish. */
  return unknown(reply);
}
