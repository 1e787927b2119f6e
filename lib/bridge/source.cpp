#include "bridge/bridge.hpp"
#include "core/try.hpp"

namespace samebits::bridge {
namespace {

Result<GitTag> read_tag(const Answer& answer, const Json& part) {
  SB_TRY(auto name, part_text(answer, part, "name"));
  SB_TRY(auto commit, part_value<CommitId>(answer, part, "commit"));
  return GitTag{.name = std::move(name), .commit = std::move(commit), .message = part.text("message")};
}

class BridgedSource final : public Source {
 public:
  BridgedSource(Questions questions, std::string location)
      : questions_(std::move(questions)), location_(std::move(location)) {}

  std::string location() const override { return location_; }

  Result<std::optional<CommitId>> branch_tip(Context& context, std::string_view branch) override {
    SB_TRY(const auto answer, questions_.ask(context, "branch_tip", Json::Object{{"branch", branch}}));
    return answer.value<CommitId>("commit");
  }

  Result<std::optional<Ancestry>> ancestry(Context& context, const CommitId& left, const CommitId& right) override {
    SB_TRY(const auto answer,
           questions_.ask(context, "ancestry", Json::Object{{"left", left.str()}, {"right", right.str()}}));
    SB_TRY(const auto text, answer.text("ancestry"));
    if (!text) return std::optional<Ancestry>();
    if (*text == "same") return std::optional(Ancestry::same);
    if (*text == "ancestor") return std::optional(Ancestry::ancestor);
    if (*text == "descendant") return std::optional(Ancestry::descendant);
    if (*text == "diverged") return std::optional(Ancestry::diverged);
    return answer.bad("'ancestry' is none of 'same', 'ancestor', 'descendant', 'diverged'");
  }

  Result<std::optional<GitTag>> find_tag(Context& context, std::string_view name) override {
    SB_TRY(const auto answer, questions_.ask(context, "find_tag", Json::Object{{"name", name}}));
    const Json* tag = answer.find("tag");
    if (tag == nullptr) return std::optional<GitTag>();
    SB_TRY(auto read, read_tag(answer, *tag));
    return std::optional(std::move(read));
  }

  Result<std::vector<GitTag>> list_tags(Context& context) override {
    SB_TRY(const auto answer, questions_.ask(context, "list_tags"));
    SB_TRY(const auto items, answer.list("tags"));
    std::vector<GitTag> tags;
    for (const Json& item : items) {
      SB_TRY(auto tag, read_tag(answer, item));
      tags.push_back(std::move(tag));
    }
    return tags;
  }

  Result<void> create_tag(Context& context, const NewGitTag& tag) override {
    const Json::Object members{{"name", tag.name},
                               {"commit", tag.commit.str()},
                               {"message", tag.message},
                               {"tagger", tag.tagger.str()},
                               {"time", format_time(tag.time)}};
    SB_TRY(const auto answer, questions_.ask(context, "create_tag", members));
    return {};
  }

 private:
  Questions questions_;
  std::string location_;
};

}  // namespace

std::unique_ptr<Source> make_source(PortCall call, std::string service, std::string location) {
  return std::make_unique<BridgedSource>(Questions("source", std::move(service), std::move(call)), std::move(location));
}

}  // namespace samebits::bridge
