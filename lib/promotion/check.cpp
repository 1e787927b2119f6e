#include <samebits/values_file.hpp>

#include "core/asked_services.hpp"
#include "core/current.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/check_charts.hpp"
#include "promotion/observe.hpp"
#include "promotion/queries.hpp"

namespace samebits {
namespace {

constexpr std::string_view example_commit = "0123456789abcdef0123456789abcdef01234567";
constexpr std::string_view example_digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
constexpr std::string_view example_version = "1.2.3";

/// What a promotion would write, to see whether it could.
Result<std::string> example_tag(const TagPatterns& patterns, Track track) {
  SB_TRY(const auto commit, CommitId::parse(example_commit));
  if (track == Track::snapshot) return patterns.snapshot(commit).str();
  if (track == Track::release) {
    SB_TRY(const auto version, Version::parse(example_version));
    SB_TRY(const auto tag, patterns.release(version));
    return tag.str();
  }
  SB_TRY(const auto tag, patterns.pull_request(1, commit));
  return tag.str();
}

/// Collects what is wrong instead of ending at the first.
class Checker {
 public:
  Checker(Session& session, const CheckRequest& request, std::vector<const Service*> services)
      : session_(session), request_(request), services_(std::move(services)) {}

  Result<void> check_targets() {
    SB_TRY(const auto rules, all_targets(session_, request_.service));
    for (const TargetRule& rule : rules) {
      const auto state = read_state(session_, rule);
      if (!state) {
        SB_CHECK(note(state.error()));
        continue;
      }
      SB_CHECK(check_writes(rule));
      if (!state->tag.empty() && !state->recorded)
        add({.code = ErrorCode::unverified,
             .message =
                 fmt::format("{} has {}, which no promotion recorded", rule.target.environment, printable(state->tag)),
             .hint = "promote it with --adopt, or find out who wrote it",
             .where = {.file = rule.file.str()}});
    }
    return {};
  }

  Result<void> check_templates() {
    for (const Environment& environment : session_.pipeline().environments) {
      if (!environment.is_ephemeral()) continue;
      for (const Service* service : services_) {
        SB_TRY(const auto rule, target_rule(session_.pipeline(), environment, *service, 1));
        SB_TRY(const auto path, RepoPath::parse(template_path(rule)));
        SB_TRY(const auto file, session_.read(path));
        if (!file)
          add({.code = ErrorCode::file_missing,
               .message = fmt::format("the template of '{}' for '{}' is missing", environment.name, service->name),
               .hint = "write the values that a new preview starts from",
               .where = {.file = path.str()}});
      }
    }
    return {};
  }

  /// What the world outside the repository says: the branch, and the tag that every environment runs.
  Result<void> check_outside() {
    SB_TRY(const auto rules, all_targets(session_, request_.service));
    for (const TargetRule& rule : rules) {
      const auto unused = unused_digest(session_, rule);
      if (!unused)
        SB_CHECK(note(unused.error()));
      else if (*unused)
        add(**unused);
    }
    for (const Service* service : services_) {
      SB_CHECK(check_source(*service));
      const auto registry = session_.ports().services.registry(*service);
      if (!registry) {
        SB_CHECK(note(registry.error()));
        continue;
      }
      SB_CHECK(check_images(*service, **registry));
    }
    return {};
  }

  Report take() { return std::move(report_); }

 private:
  void add(Error finding) { report_.findings.push_back(std::move(finding)); }

  /// A refusal is a finding; the end of the operation itself is not.
  Result<void> note(const Error& error) {
    if (error.kind() == ErrorKind::cancelled || error.code == ErrorCode::timed_out) return error;
    add(error);
    return {};
  }

  /// Edits as a promotion would, to see whether it could.
  Result<void> check_writes(const TargetRule& rule) {
    SB_TRY(const auto file, session_.read(rule.file));
    if (!file) return {};
    const auto edits = example_edits(rule, file->bytes);
    if (!edits) return note(edits.error());
    const auto edited = edit_values(file->bytes, *edits, {.file = rule.file.str()});
    return edited ? Result<void>() : note(edited.error());
  }

  Result<std::vector<ValuesEdit>> example_edits(const TargetRule& rule, const std::string& bytes) const {
    SB_TRY(const std::string tag, example_tag(session_.pipeline().tags, rule.environment->track));
    std::vector<ValuesEdit> edits;
    for (const Write& write : *rule.writes) {
      SB_TRY(const auto path, ValuePath::parse(write.path));
      SB_TRY(const auto there, read_values(bytes, std::span(&path, 1), {.file = rule.file.str()}));
      const WriteValues values{.tag = tag,
                               .digest = example_digest,
                               .version = example_version,
                               .commit = example_commit,
                               .current = there.front() ? std::string_view(there.front()->text) : std::string_view()};
      const auto action = write.when == WriteWhen::present  ? ValuesEdit::Action::set_if_present
                          : write.when == WriteWhen::always ? ValuesEdit::Action::set_or_insert
                                                            : ValuesEdit::Action::set;
      edits.push_back({.action = action, .path = path, .value = {.text = render_write(write, rule, values)}});
    }
    return edits;
  }

  Result<void> check_source(const Service& service) {
    const auto source = session_.ports().services.source(service);
    if (!source) return note(source.error());
    const auto tip = (*source)->branch_tip(session_.context(), service.source.branch);
    if (!tip) return note(tip.error());
    if (!*tip)
      add({.code = ErrorCode::commit_missing,
           .message = fmt::format("the source of '{}' has no commit on its protected branch", service.name),
           .hint = "check services.*.source.branch",
           .remote = service.source.url});
    return {};
  }

  Result<void> check_images(const Service& service, Registry& registry) {
    SB_TRY(const auto rules, all_targets(session_, request_.service));
    for (const TargetRule& rule : rules) {
      if (rule.service != &service) continue;
      const auto state = read_state(session_, rule);
      if (!state || !is_tag(state->tag)) continue;
      const auto digest = registry.resolve(session_.context(), state->tag);
      if (!digest) {
        SB_CHECK(note(digest.error()));
      } else if (!*digest) {
        add({.code = ErrorCode::image_missing,
             .message = fmt::format("{} runs {}, and no image has that tag", rule.target.environment, state->tag),
             .hint = "the tag was removed: promote another one before the nodes lose the image",
             .remote = registry.location()});
      } else if (state->digest && **digest != *state->digest) {
        add({.code = ErrorCode::digest_mismatch,
             .message = fmt::format("{} was promoted to {} as {}, but that tag is {} now", rule.target.environment,
                                    state->tag, *state->digest, **digest),
             .hint = "someone moved the tag: find out who",
             .remote = registry.location()});
      }
    }
    return {};
  }

  Session& session_;
  const CheckRequest& request_;
  std::vector<const Service*> services_;
  Report report_;
};

}  // namespace

Result<Report> check_pipeline(Session& session, const CheckRequest& request) {
  SB_TRY(auto services, asked_services(session.pipeline(), request.service));
  Checker checker(session, request, std::move(services));
  SB_CHECK(checker.check_targets());
  SB_CHECK(checker.check_templates());
  if (request.all) SB_CHECK(checker.check_outside());
  return checker.take();
}

}  // namespace samebits
