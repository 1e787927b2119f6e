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
