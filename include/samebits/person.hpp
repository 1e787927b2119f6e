#pragma once

#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits {

/// Author of a commit or tag, as Git writes it: `Ada Lovelace <ada@example.com>`.
struct Person {
  std::string name = "samebits";
  std::string mail = "samebits@localhost";

  /// Errors: bad_option if `text` is not `NAME <MAIL>` or holds what Git refuses (`<`, `>`, line breaks, nothing).
  static Result<Person> parse(std::string_view text);
  std::string str() const { return name + " <" + mail + ">"; }
  bool operator==(const Person&) const = default;
};

}  // namespace samebits
