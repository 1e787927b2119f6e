#include <doctest/doctest.h>

#include <samebits/documents.hpp>

#include "support/schema_files.hpp"

namespace samebits::test {
namespace {

struct RequestKind {
  std::string_view name;
  /// Every member.
  std::string full;
  std::string (*code)(std::string_view);
};

template <auto parse>
std::string code(std::string_view json) {
  return code_of(parse(json));
}

const std::vector<RequestKind> kinds = {
    {"promote-request",
     R"({"environment":"e","sha":"s","service":["a","b"],"adopt":true,"dryRun":true,"wait":true,"timeout":"5m"})",
     code<parse_promote_request>},
    {"preview-up-request", R"({"pr":42,"sha":"s","service":"a","adopt":true,"dryRun":true,"timeout":"5m"})",
     code<parse_preview_up_request>},
    {"preview-down-request", R"({"pr":42,"service":"a","dryRun":true,"timeout":"5m"})",
     code<parse_preview_down_request>},
    {"doctor-request", R"({"timeout":"5m"})", code<parse_doctor_request>},
    {"preview-prune-request", R"({"service":"a","dryRun":true,"timeout":"5m"})", code<parse_preview_prune_request>},
    {"preview-list-request", R"({"timeout":"5m"})", code<parse_preview_list_request>},
    {"release-request",
     R"({"version":"1.2.3","sha":"main","service":"a","adopt":true,"dryRun":true,"wait":true,"timeout":"5m"})",
     code<parse_release_request>},
    {"rollback-request", R"({"target":"t","to":"v1","service":"a","dryRun":true,"timeout":"5m"})",
     code<parse_rollback_request>},
    {"gate-post-request",
     R"({"gate":"g","sha":"s","conclusion":"success","digest":"d","url":"u","summary":"x","service":"a","dryRun":true,"timeout":"5m"})",
     code<parse_gate_post_request>},
    {"gate-show-request", R"({"sha":"s","gate":"g","service":"a","exitZero":true,"timeout":"5m"})",
     code<parse_gate_show_request>},
    {"wait-request", R"({"environment":"e","service":["a","b"],"for":"10s","sync":true,"timeout":"5m"})",
     code<parse_wait_request>},
    {"status-request", R"({"exitCode":true,"timeout":"5m"})", code<parse_status_request>},
    {"history-request", R"({"environment":"e","service":"a","limit":5,"timeout":"5m"})", code<parse_history_request>},
    {"trace-request", R"({"ref":"r","service":"a","timeout":"5m"})", code<parse_trace_request>},
    {"check-request", R"({"all":true,"timeout":"5m"})", code<parse_check_request>},
    {"apply-request", R"({"plan":{"kind":"Plan"},"dryRun":true,"timeout":"5m"})", code<parse_apply_request>},
    {"init-request", R"({"dir":"d","service":"a","image":"i","source":"s","dryRun":true})", code<parse_init_request>},
    {"image-show-request", R"({"ref":"r","timeout":"5m"})", code<parse_image_show_request>},
    {"image-tag-request", R"({"source":"s","tag":"t","dryRun":true,"timeout":"5m"})", code<parse_image_tag_request>},
    {"image-list-request", R"({"repository":"r","track":"release","timeout":"5m"})", code<parse_image_list_request>},
    {"tag-parse-request", R"({"tag":"t"})", code<parse_tag_parse_request>},
    {"tag-format-request", R"({"track":"release","number":42,"sha":"s","version":"1.2.3"})",
     code<parse_tag_format_request>},
    {"tag-sort-request", R"({"tags":["a","b"]})", code<parse_tag_sort_request>},
    {"values-get-request", R"({"file":"f","paths":["a"],"document":"0"})", code<parse_values_get_request>},
    {"values-set-request",
     R"({"file":"f","assignments":["a=1",{"path":"b","value":2}],"create":true,"dryRun":true,"document":"0","throughAnchor":true})",
     code<parse_values_set_request>},
    {"values-delete-request", R"({"file":"f","paths":"a","dryRun":true,"document":"0","throughAnchor":true})",
     code<parse_values_delete_request>},
    {"values-append-request", R"({"file":"f","assignments":"a=1","dryRun":true,"document":"0","throughAnchor":true})",
     code<parse_values_append_request>},
    {"values-edit-request",
     R"({"file":"f","set":"a=1","delete":["b"],"append":["c=1"],"create":true,"document":"0","throughAnchor":true})",
     code<parse_values_edit_request>},
    {"client",
     R"({"gitops":"g","branch":"b","config":"c","author":"A <a@x>","message":"m","timeout":"5m","cache":"none","logLevel":"warn",
        "credentials":[{"for":"https://h","token":"t"},{"for":"h:5000/x","username":"u","password":"p"},
                       {"for":"h","username":"u","identityToken":"t"},{"for":"h","registryToken":"t"}],
        "dockerConfig":["f",{"file":"g"},{"text":"{}","helperPath":"/bin","helperEnvironment":["A=b"]}],
        "proxy":{"https":"http://u:p@h:1","http":"https://h:1","bypass":"a,b"},"ca":"c","clientCertificate":"c",
        "clientKey":"k","insecure":["h:1"],
        "apps":[{"repository":"https://h/o/r","app":"1","privateKey":"k","installation":"2"},
                {"repository":"https://h","app":"1","privateKeyFile":"f"}],
        "git":{"path":"/bin","environment":["HOME=/x"],"ssh":["ssh","-4"],"credentialHelpers":true},
        "signing":{"format":"ssh","key":"k","program":"p","path":"/bin","environment":["A=b"],"timeout":"9s"}})",
     code<parse_client_options>}};

/// The member's value changed to `json`.
std::string with(const std::string& text, std::string_view member, const Json& value) {
  Json json = must(parse_json(text, ""));
  for (auto& [name, old] : *json.object())
    if (name == member) old = value;
  return write_json(json);
}

}  // namespace

TEST_CASE("a request with every member is taken and fits its schema") {
  for (const RequestKind& kind : kinds) {
    CAPTURE(kind.name);
    CHECK(kind.code(kind.full) == "none");
    CHECK(violation(kind.full, kind.name) == "");
  }
}

TEST_CASE("unknown and duplicate members and members of another type are refused") {
  for (const RequestKind& kind : kinds) {
    CAPTURE(kind.name);
    std::string unknown = kind.full;
    unknown.insert(1, "\"dryrun\":true,");
    CHECK(kind.code(unknown) == "bad_request");
    CHECK(violation(unknown, kind.name) == "/dryrun additionalProperties");
    const Json members = must(parse_json(kind.full, ""));
    const auto& [first, value] = members.object()->front();
    std::string twice = kind.full;
    twice.insert(1, write_json(Json(first)) + ":" + write_json(value) + ",");
    CHECK(kind.code(twice) == "bad_request");
    for (const auto& [name, ignored] : *members.object()) {
      CAPTURE(name);
      CHECK(kind.code(with(kind.full, name, 1.5)) == "bad_request");
      CHECK(kind.code(with(kind.full, name, Json(Json::Array{Json()}))) == "bad_request");
      CHECK(violation(with(kind.full, name, 1.5), kind.name) != "");
    }
    for (const char* other : {"", "[]", "null", "1", "{", "{} {}"}) CHECK(kind.code(other) == "bad_request");
  }
}

TEST_CASE("the nearest known member is named") {
  CHECK(parse_promote_request(R"({"environmnt":"e"})").error().hint == "did you mean 'environment'?");
  CHECK(parse_check_request(R"({"everything":true})").error().hint == "known are: all, service, timeout");
}

TEST_CASE("null stands for a member that is not given") {
  CHECK(must(parse_release_request(R"({"version":"1.2.3","sha":null,"adopt":null})")).sha.empty());
  CHECK(violation(R"({"version":"1.2.3","sha":null,"adopt":null})", "release-request") == "");
}

TEST_CASE("numbers are whole and not negative") {
  CHECK(must(parse_preview_up_request(R"({"pr":9007199254740993,"sha":"s"})")).pr == 9007199254740993U);
  CHECK(must(parse_preview_up_request(R"({"pr":"18446744073709551615","sha":"s"})")).pr == 18446744073709551615U);
  for (const char* number :
       {"-1", "1.0", "1e3", "true", "99999999999999999999", R"("")", R"("-1")", R"("1x")", R"(" 1")"})
    CHECK(code_of(parse_preview_up_request(std::string(R"({"sha":"s","pr":)") + number + "}")) == "bad_request");
}

TEST_CASE("services are one text or a list") {
  CHECK(must(parse_promote_request(R"({"service":"a"})")).services == std::vector<std::string>{"a"});
  CHECK(must(parse_promote_request(R"({"service":["a","b"]})")).services == std::vector<std::string>{"a", "b"});
  CHECK(code_of(parse_promote_request(R"({"service":["a",1]})")) == "bad_request");
}

TEST_CASE("what a plan keeps of a request is read back as the same request") {
  PromoteRequest promote{.environment = "preprod", .sha = "s", .services = {"a"}, .adopt = true, .dry_run = true};
  CHECK(to_json(promote) == R"({"environment":"preprod","sha":"s","service":["a"],"adopt":true})");
  CHECK(to_json(must(parse_promote_request(to_json(promote)))) == to_json(promote));
  CHECK(to_json(PreviewUpRequest{.pr = 42, .sha = "s"}) == R"({"pr":42,"sha":"s"})");
  CHECK(to_json(PreviewDownRequest{.pr = 42, .service = "a"}) == R"({"pr":42,"service":"a"})");
  CHECK(to_json(PreviewPruneRequest{.service = "a"}) == R"({"service":"a"})");
  CHECK(to_json(ReleaseRequest{.version = "1.2.3"}) == R"({"version":"1.2.3"})");
  CHECK(to_json(RollbackRequest{.target = "t", .to = "v1", .services = {"a", "b"}}) ==
        R"({"target":"t","to":"v1","service":["a","b"]})");
  CHECK(to_json(GatePostRequest{.gate = "g", .sha = "s", .conclusion = "success", .summary = "x"}) ==
        R"({"gate":"g","sha":"s","conclusion":"success","summary":"x"})");
}

TEST_CASE("a client's configuration is read with its own rules") {
  const ClientOptions options = must(
      parse_client_options(R"({"gitops":"g","author":"Ada <ada@x>","timeout":"90s","config":"c","logLevel":"debug"})"));
  CHECK(options.log_level == LogLevel::debug);
  CHECK(code_of(parse_client_options(R"({"logLevel":"loud"})")) == "bad_option");
  CHECK(options.promoter.author.name == "Ada");
  CHECK(options.promoter.timeout == std::chrono::seconds(90));
  CHECK(code_of(parse_client_options(R"({"gitops":"g","author":"Ada"})")) == "bad_option");
  CHECK(code_of(parse_client_options(R"({"gitops":"g","timeout":"soon"})")) == "bad_option");
}

TEST_CASE("how to reach what is remote is read from a client's configuration") {
  const NetworkOptions network =
      must(parse_client_options(
               R"({"credentials":[{"for":"https://h/x","token":"t"},{"for":"h","username":"u","password":"p"}],
                   "dockerConfig":"f","proxy":"http://u:p@h:1","ca":"c","insecure":"h:1"})"))
          .network;
  REQUIRE(network.credentials.size() == 2);
  CHECK(network.credentials[0].target == "https://h/x");
  CHECK(network.credentials[0].credential == Credential{.token = Secret("t")});
  CHECK(network.credentials[1].credential == Credential{.username = "u", .password = Secret("p")});
  REQUIRE(network.docker.size() == 1);
  CHECK(network.docker[0].file == "f");
  CHECK(network.docker[0].helper_path == DockerConfig().helper_path);
  CHECK(network.proxy.https.reveal() == "http://u:p@h:1");
  CHECK(network.proxy.http == network.proxy.https);
  CHECK(network.ca_file == "c");
  CHECK(network.insecure == std::vector<std::string>{"h:1"});
}

TEST_CASE("apps and Git's programs are read from a client's configuration") {
  const NetworkOptions network =
      must(parse_client_options(
               R"({"apps":[{"repository":"https://h/o/r","app":"1","privateKey":"k"}],"git":{"ssh":"ssh2"}})"))
          .network;
  REQUIRE(network.apps.size() == 1);
  CHECK(network.apps[0].repository == "https://h/o/r");
  CHECK(network.apps[0].app == "1");
  CHECK(network.apps[0].private_key.reveal() == "k");
  CHECK(network.apps[0].installation.empty());
  const auto by_file =
      must(parse_client_options(R"({"apps":[{"repository":"https://h/o","app":"1","privateKeyFile":"f"}]})"))
          .network.apps;
  CHECK(by_file[0].private_key_file == "f");
  CHECK(by_file[0].private_key.empty());
  CHECK(network.git.ssh == std::vector<std::string>{"ssh2"});
  CHECK(network.git.path == GitPrograms().path);
  const GitPrograms git =
      must(parse_client_options(
               R"({"git":{"path":"/x","environment":["A=b=c"],"ssh":["s","-4"],"credentialHelpers":true}})"))
          .network.git;
  CHECK(git.path == "/x");
  CHECK(git.environment == std::vector<std::string>{"A=b=c"});
  CHECK(git.ssh == std::vector<std::string>{"s", "-4"});
  CHECK(git.credential_helpers);
  CHECK(must(parse_client_options(R"({"git":{"ssh":[]}})")).network.git.ssh == GitPrograms().ssh);
  CHECK_FALSE(must(parse_client_options("{}")).network.git.credential_helpers);
}

TEST_CASE("what is wrong with a secret is said by its member, without it") {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"credentials":{"for":"h","token":"S3CR3T"}})", "'credentials' of"},
      {R"({"credentials":["S3CR3T"]})", "'credentials[0]' of"},
      {R"({"credentials":[{"for":"h","token":"t"},{"for":"h","token":["S3CR3T"]}]})", "'credentials[1].token'"},
      {R"({"credentials":[{"for":"h","tokn":"S3CR3T"}]})", "'credentials[0].tokn'"},
      {R"({"credentials":[{"token":"S3CR3T"}]})", "'credentials[0].for'"},
      {R"({"credentials":[{"for":"https://u:S3CR3T@h","token":"t"}]})", "'credentials[0].for'"},
      {R"({"credentials":[{"for":"https://h?S3CR3T","token":"t"}]})", "'credentials[0].for'"},
      {R"({"credentials":[{"for":"h"}]})", "neither"},
      {R"({"credentials":[{"for":"h","token":""}]})", "neither"},
      {R"({"credentials":[{"for":"h","token":"S3CR3T","registryToken":"t"}]})", "more than one"},
      {R"({"credentials":[{"for":"h","username":"u","token":"S3CR3T"}]})", "has no 'password'"},
      {R"({"credentials":[{"for":"h","password":"S3CR3T"}]})", "has no 'username'"},
      {R"({"credentials":[{"for":"h","username":"a:b","password":"S3CR3T"}]})", "'username'"},
      {R"({"credentials":[{"for":"h","username":"u","password":"S3CR3T\r\nX: y"}]})", "'password'"},
      {R"({"credentials":[{"for":"h","token":"S3CR3T x"}]})", "'token'"},
      {R"({"apps":{"privateKey":"S3CR3T"}})", "'apps' of"},
      {R"({"apps":[{"app":"1","privateKey":"S3CR3T"}]})", "'apps[0].repository'"},
      {R"({"apps":[{"repository":"https://h/o/r","privateKey":"S3CR3T"}]})", "'apps[0].app'"},
      {R"({"apps":[{"repository":"https://h/o/r","app":"1"}]})", "one of 'privateKey'"},
      {R"({"apps":[{"repository":"https://h/o/r","app":"1","privateKey":"S3CR3T","privateKeyFile":"f"}]})",
       "one of 'privateKey'"},
      {R"({"apps":[{"repository":"https://h/o/r","app":"1","privateKye":"S3CR3T"}]})", "'apps[0].privateKye'"},
      {R"({"apps":[{"repository":"https://u:S3CR3T@h/o/r","app":"1","privateKey":"k"}]})", "'apps[0].repository'"},
      {R"({"apps":[{"repository":"h/o/r","app":"1","privateKey":"S3CR3T"}]})", "'apps[0].repository'"},
      {R"({"apps":[{"repository":"https://h/o/r/x","app":"1","privateKey":"S3CR3T"}]})", "'apps[0].repository'"},
      {R"({"apps":[{"repository":"https://h//r","app":"1","privateKey":"S3CR3T"}]})", "'apps[0].repository'"},
      {R"({"apps":[{"repository":"https://h/o/r","app":"1 2","privateKey":"S3CR3T"}]})", "'apps[0].app'"},
      {R"({"apps":[{"repository":"https://h/o/r","app":"1","installation":"../2","privateKey":"S3CR3T"}]})",
       "'apps[0].installation'"},
      {R"({"git":["S3CR3T"]})", "'git' of"},
      {R"({"git":{"environment":["A=b","S3CR3T"]}})", "'git.environment[1]'"},
      {R"({"git":{"environment":"=S3CR3T"}})", "'git.environment[0]'"},
      {R"({"git":{"ssh":["","S3CR3T"]}})", "'git.ssh'"},
      {R"({"git":{"credentialHelpers":"S3CR3T"}})", "'git.credentialHelpers'"},
      {R"({"dockerConfig":{"file":"f","text":"S3CR3T"}})", "'dockerConfig'"},
      {R"({"dockerConfig":[{"txt":"S3CR3T"}]})", "'dockerConfig[0].txt'"},
      {R"({"dockerConfig":""})", "'dockerConfig'"},
      {R"({"proxy":"u:S3CR3T@h:1"})", "'proxy'"},
      {R"({"proxy":{"https":"socks5://u:S3CR3T@h:1"}})", "'proxy.https'"},
      {R"({"insecure":["https://u:S3CR3T@h"]})", "'insecure[0]'"},
      {R"({"clientKey":"k"})", "'clientKey'"}};
  for (const auto& [text, part] : cases) {
    CAPTURE(std::string(text));
    const auto options = parse_client_options(text);
    REQUIRE(code_of(options) == "bad_request");
    CHECK_MESSAGE(options.error().message.find(part) != std::string::npos, options.error().message);
    CHECK((options.error().message + options.error().hint).find("S3CR3T") == std::string::npos);
  }
}

TEST_CASE("a duration is hours, minutes and seconds in this order") {
  const std::pair<const char*, int> good[] = {{"90s", 90}, {"5m", 300}, {"1h30m", 5400}, {"1h0m1s", 3601}};
  for (const auto& [text, seconds] : good) CHECK(must(parse_duration(text)) == std::chrono::seconds(seconds));
  for (const char* text : {"", "0s", "5", "s", "5d", "-5s", "+5s", "5m1h", "5s5s", "1.5h", " 5s", "5s ", "500ms",
                           "99999999999999999999s", "1000001h", "5S"})
    CHECK(code_of(parse_duration(text)) == "bad_option");
}

}  // namespace samebits::test
