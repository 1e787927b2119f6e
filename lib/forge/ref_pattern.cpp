#include "forge/ref_pattern.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace samebits::forge {
namespace {

/// Longer ones are nobody's, and cost time.
constexpr std::size_t max_pattern = 1000;

/// Tries each pair of places in pattern and name once.
class Fit {
 public:
  Fit(std::string_view pattern, std::string_view name)
      : pattern_(pattern), name_(name), failed_((pattern.size() + 1) * (name.size() + 1)) {}

  bool from(std::size_t at, std::size_t in) {
    const std::size_t place = at * (name_.size() + 1) + in;
    if (failed_[place]) return false;
    const bool fits = tried(at, in);
    failed_[place] = !fits;
    return fits;
  }

 private:
  bool tried(std::size_t at, std::size_t in) {
    if (at == pattern_.size()) return in == name_.size();
    const bool begins = at == 0 || pattern_[at - 1] == '/';
    if (begins && pattern_.substr(at, 3) == "**/") return from(at + 3, in) || next_folder(at, in);
    if (pattern_[at] == '*') return from(at + 1, in) || (in < name_.size() && name_[in] != '/' && from(at, in + 1));
    if (in == name_.size()) return false;
    if (pattern_[at] == '?') return name_[in] != '/' && from(at + 1, in + 1);
    if (pattern_[at] == '[') return set(at, in);
    return pattern_[at] == name_[in] && from(at + 1, in + 1);
  }

  bool next_folder(std::size_t at, std::size_t in) {
    const auto slash = name_.find('/', in);
    return slash != std::string_view::npos && from(at, slash + 1);
  }

  bool set(std::size_t at, std::size_t in) {
    const auto end = pattern_.find(']', at + 1);
    if (end == std::string_view::npos || name_[in] == '/') return false;
    const std::string_view members = pattern_.substr(at + 1, end - at - 1);
    if (members.starts_with('^') || members.starts_with('!')) return false;
    bool found = false;
    for (std::size_t i = 0; i < members.size(); ++i) {
      const bool range = i + 2 < members.size() && members[i + 1] == '-';
      found = found || (range ? members[i] <= name_[in] && name_[in] <= members[i + 2] : members[i] == name_[in]);
      if (range) i += 2;
    }
    return found && from(end + 1, in + 1);
  }

  std::string_view pattern_;
  std::string_view name_;
  std::vector<bool> failed_;
};

bool some_fits(const Json* patterns, std::string_view ref) {
  if (patterns == nullptr || patterns->array() == nullptr) return false;
  return std::any_of(patterns->array()->begin(), patterns->array()->end(), [&](const Json& pattern) {
    return pattern.string() != nullptr && fits_ref(*pattern.string(), ref);
  });
}

}  // namespace

bool fits_ref(std::string_view pattern, std::string_view ref) {
  if (pattern == "~ALL") return true;
  return pattern.size() <= max_pattern && Fit(pattern, ref).from(0, 0);
}

bool conditions_hold(const Json& conditions, std::string_view ref) {
  return some_fits(conditions.at_pointer("/ref_name/include"), ref) &&
         !some_fits(conditions.at_pointer("/ref_name/exclude"), ref);
}

}  // namespace samebits::forge
