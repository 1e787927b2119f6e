/* Gate evidence in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory_ports.h"

static void add_item(json_text* json, const struct memory_evidence* item) {
  json_add(json, "{\"id\": %s, \"gate\": %s, \"conclusion\": %s, \"digest\": %s, ", item->id, item->gate,
           item->conclusion, item->digest);
  json_add(json, item->rest);
  json_add(json, "}");
}

/* The newest record of that commit, gate and digest. */
static const struct memory_evidence* newest(memory_ports* ports, sb_reply* reply) {
  size_t i;
  for (i = ports->evidence_count; i > 0; --i) {
    const struct memory_evidence* item = &ports->evidence[i - 1];
    if (strcmp(item->commit, asked(reply, "/commit")) == 0 && strcmp(item->gate, asked(reply, "/gate")) == 0 &&
        strcmp(item->digest, asked(reply, "/digest")) == 0)
      return item;
  }
  return NULL;
}

static const struct memory_evidence* record(memory_ports* ports, sb_reply* reply) {
  json_text rest = {NULL, 0, 0};
  char id[32];
  struct memory_evidence* made = add_record((void**)&ports->evidence, &ports->evidence_count, sizeof *made);
  snprintf(id, sizeof id, "evidence-%zu", ports->evidence_count);
  made->id = copy_text(id);
  made->commit = copy_text(asked(reply, "/commit"));
  made->gate = copy_text(asked(reply, "/gate"));
  made->conclusion = copy_text(asked(reply, "/conclusion"));
  made->digest = copy_text(asked(reply, "/digest"));
  json_add(&rest, "\"environment\": %s, \"producer\": \"memory\", \"url\": %s, \"summary\": %s, \"time\": %s",
           asked(reply, "/environment"), asked(reply, "/url"), asked(reply, "/summary"), asked(reply, "/time"));
  made->rest = copy_text(rest.text);
  free(rest.text);
  return made;
}

static sb_code list(memory_ports* ports, sb_reply* reply) {
  json_text json = {NULL, 0, 0};
  const char* comma = "";
  size_t i;
  json_add(&json, "{\"items\": [");
  for (i = 0; i < ports->evidence_count; ++i) {
    if (strcmp(ports->evidence[i].commit, asked(reply, "/commit")) != 0) continue;
    json_add(&json, comma);
    add_item(&json, &ports->evidence[i]);
    comma = ", ";
  }
  json_add(&json, "]}");
  return json_answer(reply, &json);
}

sb_code memory_evidence(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  json_text json = {NULL, 0, 0};
  const struct memory_evidence* item;
  (void)request_json;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  if (is_op(reply, "list")) return list(ports, reply);
  if (!is_op(reply, "post"))
    return json_error(reply, SB_PROTOCOL, "unsupported", "this port does not know the question");
  item = newest(ports, reply);
  if (item == NULL || strcmp(item->conclusion, asked(reply, "/conclusion")) != 0) item = record(ports, reply);
  json_add(&json, "{\"item\": ");
  add_item(&json, item);
  json_add(&json, "}");
  return json_answer(reply, &json);
}
