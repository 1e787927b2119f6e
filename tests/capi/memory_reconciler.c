/* Applications of a reconciler in memory. */
#include <string.h>

#include "memory_ports.h"

static struct memory_application* find(memory_ports* ports, const char* name) {
  size_t i;
  for (i = 0; i < ports->application_count; ++i)
    if (strcmp(ports->applications[i].name, name) == 0) return &ports->applications[i];
  return NULL;
}

static struct memory_application* find_or_add(memory_ports* ports, const char* name) {
  struct memory_application* found = find(ports, name);
  if (found != NULL) return found;
  found = add_record((void**)&ports->applications, &ports->application_count, sizeof *found);
  found->name = copy_text(name);
  return found;
}

static sb_code put(memory_ports* ports, sb_reply* reply) {
  struct memory_application* one = find_or_add(ports, asked(reply, "/application/name"));
  const char* text = copy_text(asked(reply, "/application"));
  if (is_op(reply, "test_refresh")) {
    one->refreshed = text;
  } else {
    one->application = text;
    one->phase = copy_text(asked(reply, "/application/operation/phase"));
  }
  return SB_OK;
}

static sb_code application(memory_ports* ports, sb_reply* reply) {
  json_text json = {NULL, 0, 0};
  struct memory_application* found = find(ports, asked(reply, "/name"));
  if (found == NULL) return SB_OK;
  if (strcmp(asked(reply, "/refresh"), "none") != 0 && found->refreshed != NULL) found->application = found->refreshed;
  json_add(&json, "{\"application\": %r}", found->application);
  return json_answer(reply, &json);
}

sb_code memory_reconciler(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  json_text json = {NULL, 0, 0};
  struct memory_application* found;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  if (is_op(reply, "test_put") || is_op(reply, "test_refresh")) return put(ports, reply);
  if (is_op(reply, "test_sync")) {
    json_add(&json, "{\"sync\": %s}", ports->last_sync);
    return json_answer(reply, &json);
  }
  if (is_op(reply, "application")) return application(ports, reply);
  if (!is_op(reply, "request_sync"))
    return json_error(reply, SB_PROTOCOL, "unsupported", "this port does not know the question");
  found = find(ports, asked(reply, "/name"));
  if (found == NULL) return json_error(reply, SB_NOT_FOUND, "application_missing", "there is no such application");
  if (strcmp(found->phase, "Running") == 0)
    return json_error(reply, SB_CONFLICT, "lost_race", "another operation runs");
  ports->last_sync = copy_text(request_json);
  return SB_OK;
}
