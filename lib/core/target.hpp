#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/pipeline.hpp>
#include <samebits/repo_path.hpp>

namespace samebits {

/// One service in one environment of the running world: what a promotion changes.
struct Target {
  /// `prod`; of an ephemeral environment the rendered name, `pr-42`.
  std::string environment;
  std::string service;

  auto operator<=>(const Target&) const = default;
};

/// A target with what the pipeline says of it. Borrows from the pipeline.
struct TargetRule {
  Target target;
  const Environment* environment = nullptr;
  const Service* service = nullptr;
  /// Of the pull request, where the environment is ephemeral.
  std::uint64_t number = 0;
  RepoPath file;
  RepoPath record;
  /// The writes that apply here, most specific first: the service's, the environment's, the pipeline's.
  /// Their paths are rendered.
  std::shared_ptr<const std::vector<Write>> writes = {};
};

/// Errors: bad_config if the rendered paths are no paths.
Result<TargetRule> target_rule(const Pipeline& pipeline, const Environment& environment, const Service& service,
                               std::uint64_t number = 0);

/// Where the template of a new preview lies.
std::string template_path(const TargetRule& rule);

/// Most characters of a name that is rendered: a Helm release may have no more.
inline constexpr std::size_t max_rendered_name = 53;

/// `pr-{number}` as `pr-42`.
std::string environment_name(const Environment& environment, std::uint64_t number);
/// The pull request whose environment is called `name`; nothing if it is none of `environment`.
std::optional<std::uint64_t> number_of(const Environment& environment, std::string_view name);

/// What `{tag}`, `{digest}` and the others stand for in one promotion.
struct WriteValues {
  std::string_view tag;
  std::string_view digest = {};
  std::string_view version = {};
  std::string_view commit = {};
  /// The text that is there now: an image string is edited in part.
  std::string_view current = {};
};

/// True where the write wants a version, there is none, and its key may be missing: then it is left alone.
bool lacks_version(const Write& write, std::string_view version) noexcept;

std::string render_write(const Write& write, const TargetRule& rule, const WriteValues& values);

/// The path whose value holds the tag, and the tag in the text that is there.
/// Errors: bad_config if no write of the target holds `{tag}`.
Result<const Write*> tag_write(const TargetRule& rule);
/// The tag in `text`, by the write's pattern; nothing if the text does not fit it.
std::optional<std::string> tag_in(const Write& write, const TargetRule& rule, std::string_view text);

/// The environments that `name` names: itself, or the members of the lockstep group `name`.
/// Errors: bad_request if there is none (with the nearest), or if it is a member of a group.
Result<std::vector<const Environment*>> environments_of(const Pipeline& pipeline, std::string_view name);

/// The services that `names` name; the only one where there are no names.
/// Errors: bad_request if it must be said which, or if one is unknown.
Result<std::vector<const Service*>> services_of(const Pipeline& pipeline, const std::vector<std::string>& names);

}  // namespace samebits
