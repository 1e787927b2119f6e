#include <samebits/releases.hpp>

#include "bridge/bridge.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::bridge {
namespace {

/// Errors: bad_answer; also for a release of another tag than was asked for.
Result<ForgeRelease> read_release(const Answer& answer, std::string_view tag) {
  const Json* part = answer.find("release");
  if (part == nullptr) return answer.bad("'release' is missing");
  ForgeRelease release{.id = {}, .tag = {}};
  SB_TRY(release.id, part_text(answer, *part, "id"));
  SB_TRY(release.tag, part_text(answer, *part, "tag"));
  if (release.tag != tag) return answer.bad(fmt::format("it is about the tag '{}'", release.tag));
  release.target = part->text("target");
  release.title = part->text("title");
  release.notes = part->text("notes");
  release.draft = part_flag(*part, "draft");
  release.pre_release = part_flag(*part, "preRelease");
  release.url = part->text("url");
  return release;
}

Result<ForgeRelease> published(const Answer& answer, const NewForgeRelease& wanted) {
  SB_TRY(auto release, read_release(answer, wanted.tag));
  if (release.draft) return answer.bad("what was to be published is a draft");
  return release;
}

Json::Object members_of(const NewForgeRelease& release) {
  return {{"tag", release.tag},     {"commit", release.commit.str()},    {"title", release.title},
          {"notes", release.notes}, {"preRelease", release.pre_release}, {"latest", release.latest}};
}

class BridgedReleases final : public Releases {
 public:
  BridgedReleases(Questions questions, std::string location)
      : questions_(std::move(questions)), location_(std::move(location)) {}

  std::string location() const override { return location_; }

  Result<std::optional<ForgeRelease>> find(Context& context, std::string_view tag) override {
    SB_TRY(const auto answer, questions_.ask(context, "find", Json::Object{{"tag", tag}}));
    if (answer.find("release") == nullptr) return std::optional<ForgeRelease>();
    SB_TRY(auto release, read_release(answer, tag));
    return std::optional(std::move(release));
  }

  Result<std::string> notes(Context& context, std::string_view tag, const CommitId& commit,
                            std::string_view previous) override {
    SB_TRY(
        const auto answer,
        questions_.ask(context, "notes", Json::Object{{"tag", tag}, {"commit", commit.str()}, {"previous", previous}}));
    SB_TRY(auto notes, answer.text("notes"));
    return std::move(notes).value_or("");
  }

  Result<ForgeRelease> create(Context& context, const NewForgeRelease& release) override {
    SB_TRY(const auto answer, questions_.ask(context, "create", members_of(release)));
    return published(answer, release);
  }

  Result<ForgeRelease> publish(Context& context, std::string_view id, const NewForgeRelease& release) override {
    Json::Object members = members_of(release);
    members.insert(members.begin(), {"id", Json(id)});
    SB_TRY(const auto answer, questions_.ask(context, "publish", std::move(members)));
    return published(answer, release);
  }

 private:
  Questions questions_;
  std::string location_;
};

}  // namespace

std::unique_ptr<Releases> make_releases(PortCall call, std::string service, std::string location) {
  return std::make_unique<BridgedReleases>(Questions("releases", std::move(service), std::move(call)),
                                           std::move(location));
}

}  // namespace samebits::bridge
