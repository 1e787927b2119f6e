/* A real registry that wants to know who asks: every way to say so, and that no secret surfaces at any level. */
#include "check.h"
#include "memory_ports.h"
#include "registry_host.h"

/* What the registry takes, and how a header spells it. */
#define PASSWORD "secret-0123"
#define IN_HEADER "Y2k6c2VjcmV0LTAxMjM="
#define WRONG "wrong-4567"

static const char* registry = NULL;
/* All that the library has said: log lines, documents and messages. */
static char* said = NULL;
static size_t said_size = 0;

static void keep(const char* text) {
  const size_t size = strlen(text);
  said = realloc(said, said_size + size + 2);
  memcpy(said + said_size, text, size);
  memcpy(said + said_size + size, "\n", 2);
  said_size += size + 1;
}

static void keep_line(void* userdata, int32_t level, const char* line) {
  (void)userdata;
  (void)level;
  keep(line);
}

/* Calls with a new client; keeps what it says. */
static sb_client* new_client(const char* config) {
  sb_client* client = NULL;
  sb_result* result = NULL;
  if (sb_client_new(config, &client, &result) != SB_OK)
    check_failed(__FILE__, __LINE__, "sb_client_new", sb_result_message(result));
  sb_result_free(result);
  CHECK(sb_client_set_log(client, keep_line, NULL, NULL, NULL) == SB_OK);
  return client;
}

static void show(sb_client* client, sb_code code, const char* error, const char* part) {
  sb_result* result = NULL;
  const char* found;
  if (sb_image_show(client, text_of("{\"ref\": \"%s/app:main-1\"}", registry), &result) != code)
    check_failed(__FILE__, __LINE__, "sb_image_show", sb_result_json(result));
  found = sb_result_get(result, "/error/code");
  CHECK_TEXT(found == NULL ? "" : found, error);
  CHECK_HAS(code == SB_OK ? sb_result_json(result) : sb_result_message(result), part);
  keep(sb_result_json(result));
  keep(sb_result_message(result));
  sb_result_free(result);
}

/* Shows an image with the configuration alone. */
static void show_with(const char* members, sb_code code, const char* error, const char* part) {
  sb_client* client = new_client(text_of("{\"logLevel\": \"trace\", %s}", members));
  show(client, code, error, part);
  sb_client_free(client);
}

static const char* list_of(const char* password) {
  return text_of("\"credentials\": [{\"for\": \"http://%s\", \"username\": \"ci\", \"password\": \"%s\"}]", registry,
                 password);
}

static void by_a_list(void) {
  sb_client* client = new_client(text_of("{\"logLevel\": \"trace\", %s}", list_of(PASSWORD)));
  const char* request = text_of("{\"source\": \"%s/app:main-1\", \"tag\": \"v1.0.0\"}", registry);
  show(client, SB_OK, "", "sha256:");
  CHECK_CALL(sb_image_tag(client, request, &call_result), SB_OK, "");
  CHECK(sb_image_tag(client, request, &call_result) == SB_OK);
  CHECK_TEXT(sb_result_get(call_result, "/outcome"), "unchanged");
  sb_result_free(call_result);
  sb_client_free(client);
}

static void refusals(void) {
  show_with(list_of(WRONG), SB_AUTH, "unauthenticated", registry);
  show_with("\"branch\": \"main\"", SB_AUTH, "unauthenticated", registry);
  show_with("\"credentials\": [{\"for\": \"https://ghcr.io\", \"token\": \"" WRONG "\"}]", SB_AUTH, "unauthenticated",
            registry);
}

static void by_docker(void) {
  const char* text = text_of("{\"auths\": {\"%s\": {\"auth\": \"" IN_HEADER "\"}}}", registry);
  const char* file = text_of("%s/config.json", pipeline_folder());
  FILE* out = fopen(file, "w");
  CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0);
  show_with(text_of("\"dockerConfig\": \"%s\"", file), SB_OK, "", "sha256:");
  show_with(text_of("\"dockerConfig\": [\"/nonexistent\", {\"file\": \"%s\"}]", file), SB_OK, "", "sha256:");
  show_with(
      text_of("\"dockerConfig\": {\"text\": \"{\\\"auths\\\": {\\\"%s\\\": {\\\"auth\\\": \\\"" IN_HEADER "\\\"}}}\"}",
              registry),
      SB_OK, "", "sha256:");
  show_with("\"dockerConfig\": {\"text\": \"" PASSWORD "\"}", SB_USAGE, "bad_config", "Docker's configuration");
  show_with("\"dockerConfig\": {\"text\": \"{\\\"credsStore\\\": \\\"absent\\\"}\"}", SB_AUTH, "unauthenticated",
            "docker-credential-absent");
}

static void environment(void) {
  /* What by_docker() has written, and would be let in with. */
  CHECK(setenv("DOCKER_CONFIG", pipeline_folder(), 1) == 0);
  CHECK(setenv("REGISTRY_AUTH_FILE", text_of("%s/config.json", pipeline_folder()), 1) == 0);
  CHECK(setenv("HOME", pipeline_folder(), 1) == 0);
  show_with("\"branch\": \"main\"", SB_AUTH, "unauthenticated", registry);
  /* docker-registry takes this one for its own configuration. */
  CHECK(unsetenv("REGISTRY_AUTH_FILE") == 0);
}

/* Shows an image with what the port answers. */
static void show_by_port(const char* answer, sb_code code, const char* error, const char* part) {
  memory_ports* ports = memory_ports_new();
  sb_client* client = new_client("{\"logLevel\": \"trace\"}");
  memory_credentials_put(ports, text_of("http://%s", registry), answer);
  CHECK(sb_client_set_port(client, "credentials", memory_credentials, ports, NULL, NULL) == SB_OK);
  show(client, code, error, part);
  sb_client_free(client);
}

static void by_a_port(void) {
  show_by_port("{\"username\": \"ci\", \"password\": \"" PASSWORD "\"}", SB_OK, "", "sha256:");
  show_by_port("{\"username\": \"ci\", \"password\": \"" WRONG "\"}", SB_AUTH, "unauthenticated", registry);
  show_by_port(NULL, SB_AUTH, "unauthenticated", "the vault is sealed");
  show_by_port("{}", SB_AUTH, "unauthenticated", registry);
  /* What cannot be read is no silent nobody, and what it holds stays unsaid. */
  show_by_port("{\"username\": \"ci\", \"passwd\": \"" PASSWORD "\"}", SB_PROTOCOL, "bad_answer", "credentials");
  show_by_port("{\"username\": \"ci\", \"password\": [\"" PASSWORD "\"]}", SB_PROTOCOL, "bad_answer", "'password'");
  show_by_port("{\"token\": \"" PASSWORD "\", \"password\": \"" PASSWORD "\", \"username\": \"ci\"}", SB_PROTOCOL,
               "bad_answer", "more than one");
  show_by_port("{\"token\": \"" PASSWORD "\\r\\nX: y\"}", SB_PROTOCOL, "bad_answer", "'token'");
  show_by_port("\"" PASSWORD, SB_PROTOCOL, "bad_answer", "not valid JSON");
}

static int questions[2];

/* Gives the right password only when it is asked to make a new one, and looks at the question. */
static sb_code renewing(void* userdata, const char* request_json, sb_reply* reply) {
  const int refresh = strcmp(asked(reply, "/refresh"), "true") == 0;
  (void)userdata;
  (void)request_json;
  ++questions[refresh];
  CHECK_TEXT(sb_reply_get(reply, "/op"), "find");
  CHECK_TEXT(sb_reply_get(reply, "/url"), text_of("http://%s/app", registry));
  CHECK_TEXT(sb_reply_get(reply, "/use"), "read");
  CHECK(sb_reply_get(reply, "/deadlineMs") != NULL);
  return sb_reply_json(reply, refresh ? "{\"username\": \"ci\", \"password\": \"" PASSWORD "\"}"
                                      : "{\"username\": \"ci\", \"password\": \"" WRONG "\"}");
}

static void renewed(void) {
  sb_client* client = new_client("{\"logLevel\": \"trace\"}");
  CHECK(sb_client_set_port(client, "credentials", renewing, NULL, NULL, NULL) == SB_OK);
  show(client, SB_OK, "", "sha256:");
  CHECK(questions[0] == 1 && questions[1] == 1);
  sb_client_free(client);
}

static void before_the_list(void) {
  memory_ports* ports = memory_ports_new();
  sb_client* client = new_client(text_of("{\"logLevel\": \"trace\", %s}", list_of(PASSWORD)));
  memory_credentials_put(ports, "http://elsewhere.example.com", "{\"token\": \"" WRONG "\"}");
  CHECK(sb_client_set_port(client, "credentials", memory_credentials, ports, NULL, NULL) == SB_OK);
  show(client, SB_OK, "", "sha256:");
  memory_credentials_put(ports, text_of("http://%s", registry), NULL);
  CHECK(sb_client_set_port(client, "credentials", memory_credentials, ports, NULL, NULL) == SB_OK);
  show(client, SB_AUTH, "unauthenticated", "the vault is sealed");
  CHECK(sb_client_set_port(client, "credentials", NULL, NULL, NULL, NULL) == SB_OK);
  show(client, SB_OK, "", "sha256:");
  sb_client_free(client);
}

/* An error of a port that says a secret which the client knows. */
static sb_code careless(void* userdata, const char* request_json, sb_reply* reply) {
  (void)userdata;
  (void)request_json;
  if (is_op(reply, "list")) return sb_reply_json(reply, "{\"tags\": [\"main-" PASSWORD "\"]}");
  return json_error(reply, SB_AUTH, "permission_missing", "ci:" PASSWORD " (" IN_HEADER ") may not");
}

static void echoes(void) {
  sb_client* client = new_client(text_of("{\"logLevel\": \"trace\", %s}", list_of(PASSWORD)));
  CHECK(sb_client_set_port(client, "registry", careless, NULL, NULL, NULL) == SB_OK);
  show(client, SB_AUTH, "permission_missing", "ci:*** (***) may not");
  CHECK(sb_image_list(client, text_of("{\"repository\": \"%s/app\"}", registry), &call_result) == SB_OK);
  CHECK_TEXT(sb_result_get(call_result, "/images/0/tag"), "main-***");
  sb_result_free(call_result);
  sb_client_free(client);
}

static void proxies(void) {
  sb_client* client = new_client("{\"logLevel\": \"trace\", \"proxy\": \"http://ci:" PASSWORD
                                 "@127.0.0.1:1\", \"insecure\": "
                                 "\"registry.invalid\"}");
  sb_result* result = NULL;
  CHECK(sb_image_show(client, "{\"ref\": \"registry.invalid/app:x\", \"timeout\": \"1s\"}", &result) != SB_OK);
  keep(sb_result_json(result));
  sb_result_free(result);
  sb_client_free(client);
  client = new_client("{\"gitops\": \"ssh://ci:" PASSWORD "@git.invalid/x.git\", \"timeout\": \"1s\"}");
  CHECK(sb_status(client, NULL, &result) != SB_OK);
  keep(sb_result_json(result));
  keep(sb_result_message(result));
  sb_result_free(result);
  sb_client_free(client);
}

static void releases(void) {
  sb_client* client;
  sb_result* result = NULL;
  char tag[96];
  make_pipeline_of(text_of("%s/api", registry));
  snprintf(tag, sizeof tag, "main-%s", second_commit());
  CHECK(registry_host_push(text_of("%s/images", pipeline_folder()), tag, "api") == 0);
  client = new_client(
      text_of("{\"gitops\": \"%s/gitops.git\", \"logLevel\": \"trace\", %s}", pipeline_folder(), list_of(PASSWORD)));
  CHECK_CALL(
      sb_promote(client, text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", second_commit()), &call_result),
      SB_OK, "");
  CHECK_CALL(sb_gate_post(client,
                          text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"success\"}",
                                  second_commit()),
                          &call_result),
             SB_OK, "");
  if (sb_release(client, "{\"version\": \"1.0.0\"}", &result) != SB_OK)
    check_failed(__FILE__, __LINE__, "sb_release", sb_result_message(result));
  CHECK_TEXT(sb_result_get(result, "/images/0/repository"), text_of("%s/api", registry));
  CHECK_TEXT(sb_result_get(result, "/images/0/tag"), "v1.0.0");
  keep(sb_result_json(result));
  sb_result_free(result);
  sb_client_free(client);
}

static void nothing_surfaced(void) {
  static const char* const secrets[] = {PASSWORD, WRONG, IN_HEADER, "Y2k6d3JvbmctNDU2Nw"};
  size_t i;
  CHECK_HAS(said, "GET");
  CHECK(said_size > 2000);
  for (i = 0; i < sizeof secrets / sizeof secrets[0]; ++i) {
    const char* found = strstr(said, secrets[i]);
    if (found != NULL) check_failed(__FILE__, __LINE__, secrets[i], text_of("%.200s", found));
  }
}

static void own_authority(void) {
  registry = registry_host_start("tls");
  CHECK(registry != NULL);
  if (registry == NULL) return;
  show_with(text_of("\"ca\": \"%s\"", registry_host_ca()), SB_OK, "", "sha256:");
  CHECK(setenv("SSL_CERT_FILE", registry_host_ca(), 1) == 0);
  show_with("\"branch\": \"main\"", SB_PROTOCOL, "bad_answer", "certificate");
  show_with("\"ca\": \"/nonexistent.pem\"", SB_USAGE, "bad_config", "/nonexistent.pem");
}

int main(void) {
  registry = registry_host_start("htpasswd");
  if (registry == NULL) return 1;
  run_test("a list of credentials shows and tags", by_a_list);
  run_test("a wrong password, none, and that of another host are refused", refusals);
  run_test("Docker's configuration is taken as a file, a list and a text", by_docker);
  run_test("Docker's variables are not read", environment);
  run_test("the port gives credentials, and what it does wrong is an error", by_a_port);
  run_test("the port is asked for another one where the first was refused", renewed);
  run_test("the port is asked before the list, and an error of it ends there", before_the_list);
  run_test("what repeats a secret is redacted in errors and documents", echoes);
  run_test("a password in a URL is not said", proxies);
  run_test("a release goes through", releases);
  run_test("no log line, document or message has a secret", nothing_surfaced);
  run_test("an authority of one's own is trusted, and only that", own_authority);
  registry_host_stop();
  memory_ports_free_all();
  free(said);
  return end_tests();
}
