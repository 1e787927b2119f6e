#include "forge/branch.hpp"

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::forge {

Result<std::string> protected_branch(Context& context, Api& api) {
  if (!api.address().branch.empty()) return api.address().branch;
  if (!api.default_branch.empty()) return api.default_branch;
  SB_TRY(const auto repository, api.get(context, ""));
  if (!repository.ok()) return api.error_of(repository);
  SB_TRY(const Json json, api.json(repository));
  api.default_branch = text_of(json, "/default_branch");
  if (is_ref_name(api.default_branch)) return api.default_branch;
  api.default_branch.clear();
  return api.bad_answer(repository, "without the repository's default branch");
}

std::string path_of(std::string_view name) { return http::percent_encode(name, "/"); }

Result<std::optional<CommitId>> branch_tip(Context& context, Api& api, std::string_view branch, std::string_view folder,
                                           std::string_view pointer) {
  std::string name(branch);
  if (name.empty()) {
    SB_TRY(name, protected_branch(context, api));
  }
  SB_CHECK(require_branch_name(name));
  SB_TRY(const auto found, api.get(context, std::string(folder) + path_of(name)));
  // A repository without any commit answers 409.
  if (found.status() == 404 || found.status() == 409) {
    SB_TRY(const auto repository, api.get(context, ""));
    if (!repository.ok()) return api.error_of(repository);
    return std::optional<CommitId>();
  }
  if (!found.ok()) return api.error_of(found);
  SB_TRY(const Json json, api.json(found));
  if (auto commit = commit_of(json, pointer)) return commit;
  return api.bad_answer(found, "with a branch that has no commit");
}

Result<void> require_branch_name(std::string_view branch) {
  if (is_ref_name(branch)) return {};
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("'{}' is no name of a branch", printable(branch)),
               .hint = "see: git check-ref-format --branch"};
}

Result<void> require_tag_name(std::string_view name) {
  if (is_ref_name(name)) return {};
  return Error{.code = ErrorCode::bad_tag,
               .message = fmt::format("'{}' is no name of a Git tag", printable(name)),
               .hint = "see: git check-ref-format"};
}

}  // namespace samebits::forge
