/* Nothing is read from the environment: every verb gives the same documents with and without traps there. */
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "memory_ports.h"

extern char** environ;

static FILE* transcript = NULL;

static void note(sb_code code, sb_result** made) {
  sb_result* result = *made;
  fprintf(transcript, "%s %s %s\n", sb_code_name(code), sb_result_json(result), sb_result_message(result));
  sb_result_free(result);
}

/* The calls that were made. */
static char played[8192];

/* Every operation that the library has was played. */
static void check_played(void) {
  sb_client* client = NULL;
  sb_result* result = NULL;
  const char* name;
  int i;
  CHECK(sb_client_new(NULL, &client, &result) == SB_OK);
  for (i = 0; (name = sb_result_get(result, text_of("/operations/%d", i))) != NULL; ++i)
    if (strstr(played, text_of("sb_%s(", name)) == NULL) check_failed(__FILE__, __LINE__, "is not played", name);
  CHECK(i > 20);
  sb_result_free(result);
  sb_client_free(client);
}

/* Every verb, once. The clock stands still so that two runs make the same commits. */
static void play(void) {
  sb_result* result = NULL;
  sb_client* client = pipeline_client();
  const char* first = first_commit();
  const char* second = second_commit();
  const char* folder = pipeline_folder();
  CHECK(sb_client_set_port(client, "clock", memory_clock, memory_ports_new(), NULL, NULL) == SB_OK);
#define NOTE(call) (strcat(played, #call "\n"), note((call), &result))
  played[0] = '\0';
  NOTE(sb_check(client, "{\"all\": true}", &result));
  NOTE(sb_doctor(client, NULL, &result));
  NOTE(sb_preview_up(client, text_of("{\"pr\": 42, \"sha\": \"%s\"}", first), &result));
  NOTE(sb_preview_list(client, NULL, &result));
  NOTE(sb_preview_prune(client, NULL, &result));
  NOTE(sb_preview_down(client, "{\"pr\": 42}", &result));
  NOTE(sb_promote(client, text_of("{\"environment\": \"preprod\", \"sha\": \"%s\"}", second), &result));
  NOTE(sb_gate_show(client, text_of("{\"sha\": \"%s\"}", second), &result));
  NOTE(sb_gate_post(
      client, text_of("{\"gate\": \"preprod-tests\", \"sha\": \"%s\", \"conclusion\": \"success\"}", second), &result));
  NOTE(sb_release(client, "{\"version\": \"1.0.0\"}", &result));
  NOTE(sb_rollback(client, "{\"target\": \"production\", \"to\": \"v1.0.0\"}", &result));
  NOTE(sb_apply(client, "{\"plan\": {}}", &result));
  NOTE(sb_status(client, NULL, &result));
  NOTE(sb_wait(client, "{\"environment\": \"preprod\"}", &result));
  NOTE(sb_history(client, "{\"environment\": \"prod\"}", &result));
  NOTE(sb_trace(client, "{\"ref\": \"v1.0.0\"}", &result));
  NOTE(sb_image_show(client, text_of("{\"ref\": \"oci:%s/images:v1.0.0\"}", folder), &result));
  NOTE(sb_image_list(client, text_of("{\"repository\": \"oci:%s/images\"}", folder), &result));
  NOTE(sb_image_tag(client, text_of("{\"source\": \"oci:%s/images:v1.0.0\", \"tag\": \"stable\"}", folder), &result));
  NOTE(sb_init(
      NULL,
      text_of(
          "{\"dir\": \"%s/new\", \"service\": \"api\", \"image\": \"oci:../images\", \"source\": \"../source.git\"}",
          folder),
      &result));
  NOTE(sb_tag_parse(NULL, "{\"tag\": \"v1.2.3\"}", &result));
  NOTE(sb_tag_format(NULL, "{\"track\": \"release\", \"version\": \"1.2.3\"}", &result));
  NOTE(sb_tag_sort(NULL, "{\"tags\": [\"v1.2.3\", \"v1.2.2\"]}", &result));
  NOTE(sb_values_set(
      NULL, text_of("{\"file\": \"%s/new/values/prod/api.yaml\", \"assignments\": [\"image.tag=v1\"]}", folder),
      &result));
  NOTE(sb_values_get(NULL, text_of("{\"file\": \"%s/new/values/prod/api.yaml\", \"paths\": [\"image\"]}", folder),
                     &result));
  NOTE(sb_values_append(
      NULL, text_of("{\"file\": \"%s/new/values/prod/api.yaml\", \"assignments\": [\"image=x\"]}", folder), &result));
  NOTE(sb_values_delete(NULL, text_of("{\"file\": \"%s/new/values/prod/api.yaml\", \"paths\": \"image.tag\"}", folder),
                        &result));
  NOTE(sb_values_edit("a: I\n", 5, "{\"set\": [\"a=i\"]}", &result));
  NOTE(sb_values_read("a: I\n", 5, "{\"paths\": \"a\"}", &result));
#undef NOTE
  sb_client_free(client);
}

/* What one run said, with the folder's name taken out. */
static char* run(void) {
  char* text = NULL;
  size_t size = 0;
  char* at;
  make_pipeline();
  transcript = open_memstream(&text, &size);
  play();
  fclose(transcript);
  for (at = text; (at = strstr(at, pipeline_folder())) != NULL;) memset(at, 'F', strlen(pipeline_folder()));
  return text;
}

static void write_file(const char* path, const char* text) {
  FILE* out = fopen(path, "w");
  if (out == NULL || fputs(text, out) < 0 || fclose(out) != 0) exit(1);
}

/* A home whose every file is poisoned. */
static void lay_traps(const char* home) {
  static const char* const to_home[] = {"HOME",          "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                        "DOCKER_CONFIG", "SSL_CERT_DIR",    "CURL_HOME"};
  static const char* const others[][2] = {{"http_proxy", "http://127.0.0.1:1"},
                                          {"https_proxy", "http://127.0.0.1:1"},
                                          {"ALL_PROXY", "http://127.0.0.1:1"},
                                          {"GIT_DIR", "/nonexistent"},
                                          {"GIT_AUTHOR_NAME", "Trap"},
                                          {"GIT_AUTHOR_EMAIL", "trap@example.com"},
                                          {"GIT_OBJECT_DIRECTORY", "/nonexistent"},
                                          {"GIT_INDEX_FILE", "/nonexistent"},
                                          {"GIT_NAMESPACE", "trap"},
                                          {"SAMEBITS_GITOPS", "/nonexistent"},
                                          {"GITHUB_TOKEN", "trap"},
                                          {"TZ", "Pacific/Kiritimati"},
                                          {"LC_ALL", "tr_TR.UTF-8"},
                                          {"TMPDIR", "/nonexistent"},
                                          {"NO_COLOR", "1"}};
  const char* git =
      "[user]\n\tname = Trap\n\temail = trap@example.com\n[core]\n\tbare = false\n\tworktree = /nonexistent\n"
      "[safe]\n\tdirectory = /nonexistent\n[extensions]\n\tobjectformat = sha256\n[broken\n";
  const char* openssl =
      "openssl_conf = a\n[a]\nproviders = b\nalg_section = e\n[b]\nnull = c\n[c]\nactivate = 1\n[e]\n"
      "default_properties = fips=yes\n";
  size_t i;
  for (i = 0; i < sizeof to_home / sizeof to_home[0]; ++i) setenv(to_home[i], home, 1);
  for (i = 0; i < sizeof others / sizeof others[0]; ++i) setenv(others[i][0], others[i][1], 1);
  write_file(text_of("%s/.gitconfig", home), git);
  mkdir(text_of("%s/git", home), 0700);
  write_file(text_of("%s/git/config", home), git);
  write_file(text_of("%s/config.json", home), "{ trap");
  write_file(text_of("%s/cert.pem", home), "trap");
  write_file(text_of("%s/openssl.cnf", home), openssl);
  setenv("GIT_CONFIG_GLOBAL", text_of("%s/.gitconfig", home), 1);
  setenv("GIT_CONFIG_SYSTEM", text_of("%s/.gitconfig", home), 1);
  setenv("SSL_CERT_FILE", text_of("%s/cert.pem", home), 1);
  setenv("OPENSSL_CONF", text_of("%s/openssl.cnf", home), 1);
}

/* The first run with the traps is in a process of its own: what libraries read when they begin is read among traps. */
int main(int count, char** arguments) {
  char* text;
  if (count > 1) {
    text = run();
    fputs(text, stdout);
    free(text);
    remove_pipeline();
    memory_ports_free_all();
    return check_failures == 0 ? 0 : 1;
  }
  {
    char home[] = "/tmp/samebits-traps-XXXXXX";
    char* without;
    char with[65536];
    size_t size;
    FILE* child;
    if (mkdtemp(home) == NULL) return 1;
    without = run();
    check_played();
    remove_pipeline();
    lay_traps(home);
    child = popen(text_of("'%s' play", arguments[0]), "r");
    size = child == NULL ? 0 : fread(with, 1, sizeof with - 1, child);
    with[size] = '\0';
    CHECK(child != NULL && pclose(child) == 0);
    CHECK(strlen(without) > 5000);
    CHECK_HAS(without, "\"outcome\":\"done\"");
    CHECK_TEXT(with, without);
    printf("%s: traps in the environment change no document\n", check_failures == 0 ? "passed" : "FAILED");
    if (system(text_of("rm -rf '%s'", home)) != 0) return 1;
    free(without);
  }
  memory_ports_free_all();
  return end_tests();
}
