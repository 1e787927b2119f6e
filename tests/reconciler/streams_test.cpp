#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/rollout.hpp"
#include "json/json.hpp"
#include "reconciler/application_json.hpp"
#include "reconciler/watch_stream.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Standing standing_from(const std::string& text) {
  if (text == "before") return Standing::before;
  if (text == "superseded") return Standing::superseded;
  REQUIRE(text == "wanted");
  return Standing::wanted;
}

/// A stream that a real Argo CD sent (argocd_record.py), and what it is about.
class StreamCase {
 public:
  explicit StreamCase(const fs::path& folder)
      : text_(bytes_of(folder / "stream.ndjson")),
        about_(must(parse_json(bytes_of(folder / "case.json"), "case.json"))) {
    for (const auto& [revision, standing] : *about_.find("commits")->object())
      standings_.emplace(revision, standing_from(*standing.string()));
  }

  std::string wanted_states() const { return about_.text("states"); }

  /// The states as they follow one another.
  std::string states(bool as_server_sent) const {
    std::vector<std::string> found;
    const auto sink = argocd::by_events(
        [&](const Json& result) -> Result<http::Flow> {
          const std::string state =
              result.text("type") == "DELETED" ? "missing" : state_of(*result.find("application"));
          if (found.empty() || found.back() != state) found.push_back(state);
          return http::Flow::more;
        },
        [](const Json& error) { return Error{.code = ErrorCode::server_error, .message = error.text("message")}; });
    std::string line;
    for (std::size_t at = 0; at < text_.size(); at += line.size() + 1) {
      line = text_.substr(at, text_.find('\n', at) - at);
      must(sink(as_server_sent ? "data: " + line + "\n\n" : line + "\n"));
    }
    return fmt::format("{}", fmt::join(found, ", "));
  }

 private:
  std::string state_of(const Json& application) const {
    const ApplicationFacts facts = must(argocd::read_application(application));
    const auto source = find_gitops_source(facts, about_.text("repository"), path(about_.text("valuesFile")));
    const RolloutWant want{.image = must(ImageRepo::parse(about_.text("image"))), .tag = about_.text("tag")};
    const RolloutVerdict verdict = judge_rollout(facts, source, want, standings_);
    CHECK_FALSE(verdict.message.empty());
    if (verdict.state == RolloutState::healthy)
      CHECK(facts.images == std::vector<std::string>{about_.text("image") + ":" + about_.text("tag")});
    return std::string(to_string(verdict.state));
  }

  std::string text_;
  Json about_;
  Standings standings_;
};

}  // namespace

TEST_CASE("what a real Argo CD sent is told apart, event by event") {
  int cases = 0;
  for (const auto& entry : fs::directory_iterator(SAMEBITS_CASES "/reconciler")) {
    CAPTURE(entry.path().filename().string());
    const StreamCase stream(entry.path());
    for (const bool as_server_sent : {false, true}) CHECK(stream.states(as_server_sent) == stream.wanted_states());
    ++cases;
  }
  CHECK(cases >= 5);
}
