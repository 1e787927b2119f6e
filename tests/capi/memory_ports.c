/* What the ports in memory share, the registry and the clock. */
#include "memory_ports.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every piece of memory that is kept, in a list. */
struct kept {
  struct kept* next;
  double bytes[1];
};
static struct kept* all_kept = NULL;

void* keep_bytes(const void* bytes, size_t size) {
  struct kept* made = malloc(sizeof *made + size);
  made->next = all_kept;
  all_kept = made;
  if (size > 0) memcpy(made->bytes, bytes, size);
  return made->bytes;
}

void memory_ports_free_all(void) {
  while (all_kept != NULL) {
    struct kept* next = all_kept->next;
    free(all_kept);
    all_kept = next;
  }
}

memory_ports* memory_ports_new(void) {
  static const memory_ports nothing;
  return keep_bytes(&nothing, sizeof nothing);
}

static void add_bytes(json_text* json, const char* bytes, size_t size) {
  if (json->size + size + 1 > json->room) {
    json->room = (json->size + size + 1) * 2;
    json->text = realloc(json->text, json->room);
  }
  memcpy(json->text + json->size, bytes, size);
  json->size += size;
  json->text[json->size] = '\0';
}

static void add_quoted(json_text* json, const char* text) {
  char escape[8];
  add_bytes(json, "\"", 1);
  for (; *text != '\0'; ++text) {
    if (*text == '"' || *text == '\\' || (unsigned char)*text < 0x20) {
      snprintf(escape, sizeof escape, "\\u%04x", (unsigned)(unsigned char)*text);
      add_bytes(json, escape, 6);
    } else {
      add_bytes(json, text, 1);
    }
  }
  add_bytes(json, "\"", 1);
}

void json_add(json_text* json, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  for (; *format != '\0'; ++format) {
    if (format[0] == '%' && format[1] == 's') {
      const char* text = va_arg(arguments, const char*);
      if (text == NULL) {
        add_bytes(json, "null", 4);
      } else {
        add_quoted(json, text);
      }
      ++format;
    } else if (format[0] == '%' && format[1] == 'r') {
      const char* text = va_arg(arguments, const char*);
      add_bytes(json, text, strlen(text));
      ++format;
    } else {
      add_bytes(json, format, 1);
    }
  }
  va_end(arguments);
}

sb_code json_answer(sb_reply* reply, json_text* json) {
  const sb_code code = sb_reply_json(reply, json->text);
  free(json->text);
  memset(json, 0, sizeof *json);
  return code;
}

sb_code json_error(sb_reply* reply, sb_code code, const char* name, const char* message) {
  json_text json = {NULL, 0, 0};
  json_add(&json, "{\"error\": {\"code\": %s, \"message\": %s}}", name, message);
  json_answer(reply, &json);
  return code;
}

char* copy_text(const char* text) { return keep_bytes(text, strlen(text) + 1); }

const char* asked(sb_reply* reply, const char* pointer) {
  const char* text = sb_reply_get(reply, pointer);
  return text == NULL ? "" : text;
}

int is_op(sb_reply* reply, const char* op) { return strcmp(asked(reply, "/op"), op) == 0; }

void* add_record(void** records, size_t* count, size_t size) {
  char* grown = malloc((*count + 1) * size);
  memset(grown, 0, (*count + 1) * size);
  if (*count > 0) memcpy(grown, *records, *count * size);
  *records = keep_bytes(grown, (*count + 1) * size);
  free(grown);
  return (char*)*records + size * (*count)++;
}

static sb_code unknown(sb_reply* reply) {
  return json_error(reply, SB_PROTOCOL, "unsupported", "this port does not know the question");
}

static struct memory_tag* find_tag(memory_ports* ports, const char* name) {
  size_t i;
  for (i = 0; i < ports->tag_count; ++i)
    if (strcmp(ports->tags[i].name, name) == 0) return &ports->tags[i];
  return NULL;
}

static struct memory_manifest* find_manifest(memory_ports* ports, const char* digest) {
  size_t i;
  for (i = 0; i < ports->manifest_count; ++i)
    if (strcmp(ports->manifests[i].digest, digest) == 0) return &ports->manifests[i];
  return NULL;
}

static sb_code put_manifest(memory_ports* ports, sb_reply* reply) {
  struct memory_manifest* made = add_record((void**)&ports->manifests, &ports->manifest_count, sizeof *made);
  const void* bytes = sb_reply_input(reply, 0, &made->size);
  made->digest = copy_text(asked(reply, "/digest"));
  made->media_type = copy_text(asked(reply, "/mediaType"));
  made->bytes = keep_bytes(bytes, made->size);
  return SB_OK;
}

static sb_code create_tag(memory_ports* ports, sb_reply* reply) {
  struct memory_tag* tag = find_tag(ports, asked(reply, "/tag"));
  if (find_manifest(ports, asked(reply, "/digest")) == NULL)
    return json_error(reply, SB_NOT_FOUND, "image_missing", "there is no such manifest");
  if (tag != NULL && strcmp(tag->id, asked(reply, "/digest")) == 0)
    return sb_reply_json(reply, "{\"outcome\": \"already\"}");
  if (tag != NULL) {
    char message[256];
    snprintf(message, sizeof message, "the tag points to %s, not %s", tag->id, asked(reply, "/digest"));
    return json_error(reply, SB_CONFLICT, "tag_exists", message);
  }
  tag = add_record((void**)&ports->tags, &ports->tag_count, sizeof *tag);
  tag->name = copy_text(asked(reply, "/tag"));
  tag->id = copy_text(asked(reply, "/digest"));
  return sb_reply_json(reply, "{\"outcome\": \"created\"}");
}

static sb_code give_manifest(memory_ports* ports, sb_reply* reply) {
  json_text json = {NULL, 0, 0};
  struct memory_manifest* found = find_manifest(ports, asked(reply, "/digest"));
  if (found == NULL) return SB_OK;
  json_add(&json, "{\"mediaType\": %s}", found->media_type);
  json_answer(reply, &json);
  return sb_reply_bytes(reply, found->bytes, found->size);
}

sb_code memory_registry(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  json_text json = {NULL, 0, 0};
  size_t i;
  (void)request_json;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  if (is_op(reply, "test_put")) return put_manifest(ports, reply);
  if (is_op(reply, "create_tag")) return create_tag(ports, reply);
  if (is_op(reply, "manifest")) return give_manifest(ports, reply);
  if (is_op(reply, "resolve")) {
    const struct memory_tag* tag = find_tag(ports, asked(reply, "/tag"));
    json_add(&json, "{\"digest\": %s}", tag == NULL ? NULL : tag->id);
    return json_answer(reply, &json);
  }
  if (!is_op(reply, "list")) return unknown(reply);
  json_add(&json, "{\"tags\": [");
  for (i = 0; i < ports->tag_count; ++i) json_add(&json, i == 0 ? "%s" : ", %s", ports->tags[i].name);
  json_add(&json, "]}");
  return json_answer(reply, &json);
}

sb_code memory_clock(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  char answer[64];
  long long second;
  (void)request_json;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  if (is_op(reply, "pause")) {
    ports->milliseconds += atoll(asked(reply, "/milliseconds"));
    return SB_OK;
  }
  if (!is_op(reply, "now")) return unknown(reply);
  second = ports->milliseconds / 1000;
  snprintf(answer, sizeof answer, "{\"time\": \"2026-11-24T%02d:%02d:%02dZ\"}", (int)(9 + second / 3600 % 12),
           (int)(second / 60 % 60), (int)(second % 60));
  return sb_reply_json(reply, answer);
}
