#include "git/ref_names.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/repository.hpp"

namespace samebits::git {
namespace {

bool is_valid(std::string_view name, const std::string& ref) {
  int valid = 0;
  return name.find('\0') == std::string_view::npos && libgit2().reference_name_is_valid(&valid, ref.c_str()) == 0 &&
         valid == 1;
}

}  // namespace

Result<std::string> head_ref(std::string_view branch) {
  SB_CHECK(load_libgit2());
  std::string ref = std::string(head_prefix) + std::string(branch);
  if (is_valid(branch, ref)) return ref;
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("'{}' is no name of a branch", printable(branch)),
               .hint = "see: git check-ref-format --branch NAME"};
}

Result<std::string> tag_ref(std::string_view name) {
  SB_CHECK(load_libgit2());
  std::string ref = std::string(tag_prefix) + std::string(name);
  if (!name.starts_with('-') && is_valid(name, ref)) return ref;
  return Error{.code = ErrorCode::bad_tag,
               .message = fmt::format("'{}' is no name of a Git tag", printable(name)),
               .hint = "see: git check-ref-format"};
}

}  // namespace samebits::git
