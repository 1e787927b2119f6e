#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <samebits/client.hpp>

#include "core/text.hpp"
#include "json/json.hpp"
#include "registry/manifest.hpp"
#include "servers/registry_double.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

namespace fs = std::filesystem;

Json read_case(const fs::path& folder) {
  std::ifstream file(folder / "case.json");
  return must(parse_json(std::string(std::istreambuf_iterator<char>(file), {}), "case.json"));
}

bool has(const Json& json, std::string_view member) { return json.find(member) != nullptr; }

/// One case: a registry that answers by a script, one operation, and what must come of it.
class Case {
 public:
  explicit Case(const Json& json) : json_(json), expect_(*json.find("expect")), twin_(auth_of(json.text("auth"))) {
    for (const std::string tag : {"main-1", "main-2"}) {
      bytes_[tag] = sample_index(tag);
      digests_[tag] = twin_.put(std::string(oci_index_type), bytes_[tag], tag);
    }
    twin_.put(std::string(oci_manifest_type), sample_manifest("single"), "single");
    if (has(json, "grants")) twin_.grants = json.text("grants");
    if (has(json, "page")) twin_.page = static_cast<int>(*json.find("page")->integer());
    twin_.before = [this](const Asked& asked) { return scripted(asked); };
  }

  void run() {
    std::vector<CredentialEntry> credentials;
    if (const Json* given = json_.find("credentials"))
      credentials.push_back({.target = twin_.server().authority(),
                             .credential = {.username = given->text("username"),
                                            .password = Secret(given->text("password")),
                                            .token = Secret(given->text("token")),
                                            .identity_token = Secret(given->text("identity_token")),
                                            .registry_token = Secret(given->text("registry_token"))}});
    Network network({.credentials = std::move(credentials)});
    const auto registry = open_registry(must(ImageRepo::parse(twin_.repository())), network);
    // Long enough to be sure, too short for the pauses between attempts.
    Context context{.deadline = Context::Clock::now() + std::chrono::seconds(20)};
    const std::string operation = json_.text("operation");
    const auto words = split(operation, ' ');
    if (words[0] == "resolve") check(registry->resolve(context, words[1]));
    if (words[0] == "manifest")
      check(registry->manifest(context, must(Digest::parse(digests_.at(std::string(words[1]))))));
    if (words[0] == "retag") check(registry->retag(context, words[1], words[2]));
    if (words[0] == "list") check(registry->list(context));
    check_requests();
    if (has(expect_, "tag v1")) CHECK(twin_.tag("v1") == digest_or_empty(expect_.text("tag v1")));
  }

 private:
  static RegistryDouble::Auth auth_of(const std::string& name) {
    return name == "basic"    ? RegistryDouble::Auth::basic
           : name == "bearer" ? RegistryDouble::Auth::bearer
                              : RegistryDouble::Auth::none;
  }

  std::string filled(std::string text, const Asked& asked) const {
    const auto replace = [&](const std::string& from, const std::string& to) {
      for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    };
    for (const auto& [tag, bytes] : bytes_) replace("{bytes " + tag + "}", bytes);
    for (const auto& [tag, digest] : digests_) replace("{" + tag + "}", digest);
    replace("{host}", asked.field("host"));
    return text;
  }

  std::string digest_or_empty(const std::string& name) const { return name == "absent" ? "" : digests_.at(name); }

  std::string short_line(const Asked& asked) const {
    return asked.method + " " + (asked.target.starts_with("/v2/app/") ? asked.target.substr(8) : asked.path());
  }

  std::optional<Answer> scripted(const Asked& asked) {
    for (const auto& [line, answers] : *json_.find("answers")->object()) {
      if (filled(line, asked) != short_line(asked)) continue;
      // The last answer stays.
      const std::size_t step = std::min(used_[line]++, answers.array()->size() - 1);
      const Json& answer = (*answers.array())[step];
      if (answer.is_null()) return std::nullopt;
      Answer made{.status = static_cast<int>(*answer.find("status")->integer()),
                  .body = filled(answer.text("body"), asked)};
      for (const auto& [name, value] : *answer.find("headers")->object())
        for (const Json& one : value.array() ? *value.array() : std::vector{value})
          made.fields.emplace(name, filled(*one.string(), asked));
      if (const Json* cut = answer.find("cut")) made.cut_after = static_cast<int>(*cut->integer());
      if (const Json* sets = answer.find("sets"))
        for (const auto& [tag, source] : *sets->object()) twin_.set_tag(tag, digests_.at(*source.string()));
      return made;
    }
    return std::nullopt;
  }

  template <class T>
  bool check_error(const Result<T>& result) {
    INFO((result ? "no error" : text_of(result.error())));
    CHECK(code_of(result) == (has(expect_, "code") ? expect_.text("code") : "none"));
    if (result) return false;
    const Error& error = result.error();
    if (has(expect_, "message"))
      CHECK_MESSAGE(error.message.find(filled(expect_.text("message"), {})) != std::string::npos, error.message);
    if (const Json* wait = expect_.find("retry_after"))
      CHECK(error.retry_after == std::chrono::seconds(*wait->integer()));
    if (const Json* unknown = expect_.find("outcome_unknown")) CHECK(error.outcome_unknown == *unknown->boolean());
    CHECK_FALSE(error.remote.empty());
    return true;
  }

  void check(const Result<std::optional<Digest>>& result) {
    if (check_error(result)) return;
    CHECK((*result ? (*result)->str() : "") == digest_or_empty(expect_.text("digest")));
  }
  void check(const Result<std::optional<Manifest>>& result) {
    if (check_error(result)) return;
    REQUIRE(*result);
    CHECK((*result)->bytes == bytes_.at(expect_.text("digest")));
  }
  void check(const Result<Retagged>& result) {
    if (check_error(result)) return;
    CHECK((result->outcome == TagCreated::created ? "created" : "already") == expect_.text("outcome"));
    CHECK(result->digest.str() == digests_.at("main-1"));
  }
  void check(const Result<std::vector<std::string>>& result) {
    if (check_error(result)) return;
    std::vector<std::string> expected;
    for (const Json& tag : *expect_.find("list")->array()) expected.push_back(*tag.string());
    CHECK(*result == expected);
  }

  void check_requests() {
    std::vector<std::string> lines;
    std::string last_token;
    int tokens = 0;
    int puts = 0;
    for (const Asked& asked : twin_.server().asked()) {
      if (asked.path() == "/token") {
        ++tokens;
        last_token = asked.target;
        if (asked.method == "POST" && has(expect_, "posted")) CHECK(asked.body == expect_.text("posted"));
        if (has(expect_, "token has")) CHECK(asked.target.find(expect_.text("token has")) != std::string::npos);
        if (has(expect_, "token lacks")) CHECK(asked.target.find(expect_.text("token lacks")) == std::string::npos);
        continue;
      }
      lines.push_back(short_line(asked));
      puts += asked.method == "PUT" ? 1 : 0;
      if (asked.target.starts_with("/v2/app/")) CHECK(asked.field("accept-encoding") == "identity");
    }
    if (const Json* number = expect_.find("tokens")) CHECK(tokens == *number->integer());
    if (has(expect_, "last token has")) CHECK(last_token.find(expect_.text("last token has")) != std::string::npos);
    if (const Json* most = expect_.find("tokens at most")) CHECK(tokens <= *most->integer());
    if (const Json* number = expect_.find("puts")) CHECK(puts == *number->integer());
    if (const Json* expected = expect_.find("requests")) {
      std::vector<std::string> wanted;
      for (const Json& line : *expected->array()) wanted.push_back(*line.string());
      // Those of one moment have no order.
      std::sort(lines.begin(), lines.end());
      std::sort(wanted.begin(), wanted.end());
      CHECK(lines == wanted);
    }
  }

  const Json& json_;
  const Json& expect_;
  std::map<std::string, std::string> bytes_;
  std::map<std::string, std::string> digests_;
  std::map<std::string, std::size_t> used_;
  RegistryDouble twin_;
};

}  // namespace

TEST_CASE("registries that are slow, strict, broken or hostile are understood") {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(SAMEBITS_CASES "/registry")) {
    ++cases;
    CAPTURE(entry.path().filename().string());
    const Json json = read_case(entry.path());
    Case(json).run();
  }
  CHECK(cases > 40);
}
