#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/result.hpp>

namespace samebits {

struct Context;

/// How a forge keeps a branch. Names are the forge's own, and untrusted.
struct BranchRules {
  /// False: whoever may write to the repository may do anything to it.
  bool is_protected = false;
  /// False where some rules could not be read: what looks allowed may not be.
  bool is_whole = true;
  bool allows_force_pushes = true;
  bool allows_deletion = true;
  /// A change is merged only after who owns its files approved it.
  bool needs_code_owners = false;
  /// Those who may change it past the review, at most: `user ada`, `team ops`. Nothing: whoever may write.
  std::optional<std::vector<std::string>> may_push = {};
  /// What is wrong with the file of code owners, as the forge sees it.
  std::vector<std::string> owner_mistakes = {};
  /// For people: what could not be looked at, and why.
  std::vector<std::string> unknown = {};
};

/// Port: the rules of one repository. Reports facts and decides nothing.
class Rules {
 public:
  virtual ~Rules() = default;
  /// For messages; holds no secret.
  virtual std::string location() const = 0;
  /// Errors: repository_missing, permission_missing, unauthenticated.
  virtual Result<BranchRules> of_branch(Context& context, std::string_view branch) = 0;
  /// Where the forge looks for the file that names code owners: the first that is there counts.
  virtual std::vector<std::string> code_owner_files() const = 0;
  /// Whether such a file asks somebody to review changes to a file in the root of the repository. Nothing: it has
  /// patterns that cannot be judged.
  virtual std::optional<bool> names_owner(std::string_view code_owners, std::string_view name) const = 0;
};

}  // namespace samebits
