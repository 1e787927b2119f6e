#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/image_tag.hpp>

namespace samebits {

/// A pattern such as `pr-{number}-{sha}` as literals and placeholders.
class TagPattern {
 public:
  struct Part {
    /// Literal text, or a placeholder's name.
    std::string text;
    bool placeholder = false;
  };
  /// Errors: bad_config if a placeholder is unknown, missing, doubled or next to another one.
  /// `needed` are the placeholders that must be there, `allowed` those that may.
  static Result<TagPattern> parse(std::string_view text, const std::vector<std::string>& needed,
                                  const std::vector<std::string>& allowed = {});

  const std::vector<Part>& parts() const noexcept { return parts_; }
  /// Placeholder names to the text in `text`; nothing if it does not fit. Values are digits for `number`, hex for
  /// `sha`, and the rest up to the next literal for `version`; not checked further.
  std::optional<std::map<std::string, std::string>> match(std::string_view text) const;
  /// Errors: bad_config if some text is no OCI tag.
  Result<void> require_tag_grammar() const;
  /// Errors: bad_config if what it gives is no name of a Git tag.
  /// Source: git-check-ref-format(1).
  Result<void> require_ref_name() const;

 private:
  std::string text_;
  std::vector<Part> parts_;
};

/// True if some text may fit both. Errs on the side of true.
bool may_overlap(const TagPattern& left, const TagPattern& right);

/// What is wrong with one of the patterns; `key` is its name in `samebits.yaml`.
struct PatternFinding {
  std::string_view key;
  Error error;
};

/// Everything that is wrong with the patterns, each alone and together.
std::vector<PatternFinding> check_tag_patterns(const TagPatterns::Texts& texts);

}  // namespace samebits
