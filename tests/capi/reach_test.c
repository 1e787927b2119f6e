/* How a client is told to reach what is remote: an app's key, a client certificate, the user's own programs for Git. */
#include <sys/stat.h>

#include "check.h"
#include "memory_ports.h"
#include "service_hosts.h"

/* A text as a JSON string. */
static const char* quoted(const char* text) {
  json_text json = {NULL, 0, 0};
  const char* kept;
  json_add(&json, "%s", text);
  kept = copy_text(json.text);
  free(json.text);
  return kept;
}

static const char* fact(const char* name) { return quoted(service_host_fact(name)); }

static sb_client* client_with(const char* config) {
  sb_client* client = NULL;
  sb_result* result = NULL;
  if (sb_client_new(config, &client, &result) != SB_OK)
    check_failed(__FILE__, __LINE__, "sb_client_new", sb_result_message(result));
  sb_result_free(result);
  return client;
}

/* -- A forge and an app -- */

/* All that was said, to look for a key in. */
static char said[65536];

static void keep_line(void* userdata, int32_t level, const char* line) {
  (void)userdata;
  (void)level;
  strncat(said, line, sizeof said - strlen(said) - 2);
  strcat(said, "\n");
}

static sb_client* client_of_app(const char* app, const char* key) {
  sb_client* client =
      client_with(text_of("{\"gitops\": %s, \"author\": \"Ada <ada@example.com>\", \"logLevel\": \"trace\", \"apps\": "
                          "[{\"repository\": %s, \"app\": \"%s\", \"privateKey\": %s}]}",
                          fact("gitops"), fact("repository"), app, key));
  CHECK(sb_client_set_log(client, keep_line, NULL, NULL, NULL) == SB_OK);
  return client;
}

static void promote(sb_client* client, const char* sha, sb_code code, const char* error) {
  CHECK_CALL(sb_promote(client, text_of("{\"environment\": \"preprod\", \"sha\": %s}", sha), &call_result), code,
             error);
}

static void apps(void) {
  sb_client* client;
  char line[65];
  CHECK(service_host_start("forge", NULL) == 0);
  client = client_of_app("1", fact("key"));
  promote(client, fact("commit"), SB_AUTH, "unauthenticated");
  sb_client_free(client);
  client = client_of_app(service_host_fact("app"), "\"no key\"");
  promote(client, fact("commit"), SB_USAGE, "bad_option");
  sb_client_free(client);
  client = client_of_app(service_host_fact("app"), fact("key"));
  promote(client, fact("commit"), SB_OK, "");
  CHECK_CALL(
      sb_gate_post(client,
                   text_of("{\"gate\": \"preprod-tests\", \"sha\": %s, \"conclusion\": \"success\"}", fact("commit")),
                   &call_result),
      SB_OK, "");
  CHECK_CALL(sb_release(client, "{\"version\": \"1.0.0\"}", &call_result), SB_OK, "");
  sb_client_free(client);
  CHECK_HAS(said, "/access_tokens");
  /* The second line of the key, which has 64 characters. */
  snprintf(line, sizeof line, "%s", strchr(service_host_fact("key"), '\n') + 1);
  CHECK(strlen(line) == 64 && strstr(said, line) == NULL);
  CHECK(strstr(said, "ghs_installation") == NULL);
}

/* A port that says a line of the key. */
static sb_code careless(void* userdata, const char* request_json, sb_reply* reply) {
  (void)request_json;
  return json_error(reply, SB_AUTH, "permission_missing", userdata);
}

static void app_key_echoed(void) {
  sb_client* client = client_of_app(service_host_fact("app"), fact("key"));
  sb_result* result = NULL;
  char line[65];
  snprintf(line, sizeof line, "%s", strchr(service_host_fact("key"), '\n') + 1);
  CHECK(sb_client_set_port(client, "registry", careless, line, NULL, NULL) == SB_OK);
  CHECK(sb_image_show(client, "{\"ref\": \"registry.example.com/app:x\"}", &result) == SB_AUTH);
  CHECK_TEXT(sb_result_get(result, "/error/message"), "***");
  sb_result_free(result);
  sb_client_free(client);
}

/* -- A client certificate -- */

static void show(const char* members, sb_code code, const char* error, const char* part) {
  sb_client* client = client_with(text_of("{\"ca\": %s%s}", fact("ca"), members));
  sb_result* result = NULL;
  const char* found;
  if (sb_image_show(client, text_of("{\"ref\": %s}", fact("ref")), &result) != code)
    check_failed(__FILE__, __LINE__, members, sb_result_json(result));
  found = sb_result_get(result, "/error/code");
  CHECK_TEXT(found == NULL ? "" : found, error);
  CHECK_HAS(sb_result_json(result), part);
  sb_result_free(result);
  sb_client_free(client);
}

static void certificates(void) {
  CHECK(service_host_start("certificate", NULL) == 0);
  show(text_of(", \"clientCertificate\": %s, \"clientKey\": %s", fact("certificate"), fact("client-key")), SB_OK, "",
       "sha256:");
  show("", SB_AUTH, "unauthenticated", "certificate");
  show(text_of(", \"clientCertificate\": %s, \"clientKey\": \"/nonexistent.key\"", fact("certificate")), SB_USAGE,
       "bad_config", "/nonexistent.key");
  show(", \"clientCertificate\": \"/nonexistent.pem\"", SB_USAGE, "bad_config", "/nonexistent.pem");
}

/* -- Git -- */

/* A definition with whole locations: the repository that has one of its own is no folder of this machine here. */
static const char* definition(void) {
  const char* file = copy_text(text_of("%s/remote.yaml", pipeline_folder()));
  FILE* out = fopen(file, "w");
  if (out == NULL) exit(1);
  fprintf(out, "apiVersion: samebits/v1\nservices: {api: {image: \"oci:%s/images\", source: \"%s/source.git\"}}\n",
          pipeline_folder(), pipeline_folder());
  fclose(out);
  return file;
}

static sb_client* client_of(const char* location, const char* git) {
  return client_with(
      text_of("{\"gitops\": \"%s\", \"config\": \"%s\", \"author\": \"Ada <ada@example.com>\", \"git\": %s}", location,
              definition(), git));
}

static void by_ssh(void) {
  const char* location;
  sb_client* client;
  make_pipeline();
  CHECK(service_host_start("git", pipeline_folder()) == 0);
  location = copy_text(text_of("ssh://git%s/gitops.git", pipeline_folder()));
  client = client_of(location, text_of("{\"ssh\": %s}", service_host_fact("ssh")));
  promote(client, quoted(first_commit()), SB_OK, "");
  sb_client_free(client);
  client = client_of(location, "{\"ssh\": [\"no-such-ssh\"]}");
  CHECK_CALL(sb_status(client, NULL, &call_result), SB_NOT_FOUND, "file_missing");
  sb_client_free(client);
  client = client_of(location, text_of("{\"ssh\": %s, \"path\": \"/nonexistent\"}", service_host_fact("ssh")));
  CHECK_CALL(sb_status(client, NULL, &call_result), SB_NOT_FOUND, "file_missing");
  sb_client_free(client);
}

/* A home whose Git knows a helper with the password. */
static const char* make_home(void) {
  const char* home = copy_text(text_of("%s/home", pipeline_folder()));
  FILE* out;
  if (mkdir(home, 0700) != 0) exit(1);
  out = fopen(text_of("%s/.gitconfig", home), "w");
  if (out == NULL) exit(1);
  fprintf(out, "[credential]\n\thelper = \"!f() { test $1 = get && printf 'username=%s\\\\npassword=%s\\\\n'; }; f\"\n",
          service_host_fact("username"), service_host_fact("password"));
  fclose(out);
  return home;
}

static void by_helpers(void) {
  const char* location;
  const char* home;
  sb_client* client;
  make_pipeline();
  CHECK(service_host_start("git", pipeline_folder()) == 0);
  location = copy_text(text_of("%s/gitops.git", service_host_fact("http")));
  home = make_home();
  client = client_of(location, text_of("{\"credentialHelpers\": true, \"environment\": [\"HOME=%s\"]}", home));
  promote(client, quoted(first_commit()), SB_OK, "");
  sb_client_free(client);
  /* What stands in the environment of this process is not read, and who is not told to ask helpers does not. */
  CHECK(setenv("HOME", home, 1) == 0);
  client = client_of(location, "{\"credentialHelpers\": true}");
  CHECK_CALL(sb_status(client, NULL, &call_result), SB_AUTH, "unauthenticated");
  sb_client_free(client);
  client = client_of(location, text_of("{\"environment\": \"HOME=%s\"}", home));
  CHECK_CALL(sb_status(client, NULL, &call_result), SB_AUTH, "unauthenticated");
  sb_client_free(client);
}

int main(void) {
  run_test("an app promotes and releases by tokens that it makes, and another one may not", apps);
  run_test("what repeats a line of an app's key is redacted", app_key_echoed);
  run_test("a server that wants a client certificate lets in who has it", certificates);
  run_test("a repository behind ssh is reached by the program that is given", by_ssh);
  run_test("Git's helpers say who asks, where the configuration lets them", by_helpers);
  service_host_stop();
  memory_ports_free_all();
  return end_tests();
}
