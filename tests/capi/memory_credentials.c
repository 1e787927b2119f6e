/* Credentials that are kept in memory. */
#include <string.h>

#include "memory_ports.h"

void memory_credentials_put(memory_ports* ports, const char* target, const char* answer) {
  struct memory_credential* made = add_record((void**)&ports->credentials, &ports->credential_count, sizeof *made);
  made->target = copy_text(target);
  made->answer = answer == NULL ? NULL : copy_text(answer);
}

/* The length of the target if the URL lies below it; otherwise 0. */
static size_t covers(const char* target, const char* url) {
  const size_t size = strlen(target);
  return strncmp(target, url, size) == 0 && (url[size] == '\0' || url[size] == '/') ? size : 0;
}

static sb_code find(memory_ports* ports, sb_reply* reply) {
  const struct memory_credential* best = NULL;
  size_t longest = 0;
  size_t i;
  for (i = 0; i < ports->credential_count; ++i) {
    const size_t size = covers(ports->credentials[i].target, asked(reply, "/url"));
    if (size <= longest) continue;
    best = &ports->credentials[i];
    longest = size;
  }
  if (best == NULL) return SB_OK;
  if (best->answer == NULL) return json_error(reply, SB_AUTH, "unauthenticated", "the vault is sealed");
  return sb_reply_json(reply, best->answer);
}

sb_code memory_credentials(void* userdata, const char* request_json, sb_reply* reply) {
  memory_ports* ports = userdata;
  (void)request_json;
  if (is_op(reply, "test_reset")) return memset(ports, 0, sizeof *ports), SB_OK;
  if (is_op(reply, "test_put") || is_op(reply, "test_lose")) {
    memory_credentials_put(ports, asked(reply, "/for"), sb_reply_get(reply, "/answer"));
    return SB_OK;
  }
  if (is_op(reply, "find")) return find(ports, reply);
  return json_error(reply, SB_PROTOCOL, "unsupported", "this port does not know the question");
}
