#pragma once

#include <string>
#include <string_view>

#include <samebits/context.hpp>
#include <samebits/person.hpp>
#include <samebits/signing.hpp>

#include "git/objects.hpp"

namespace samebits::git {

/// Signs commits and tags by a program of the user's.
class Signer {
 public:
  explicit Signer(SigningOptions options) : options_(std::move(options)) {}
  bool signs() const noexcept { return options_.format != SigningOptions::Format::none; }

  /// The signature of the bytes of a commit or a tag, as it stands there.
  /// Errors: file_missing if there is no such program; bad_option for a key that cannot be one; unauthenticated with
  /// the program's words if it does not sign; timed_out; bad_answer if what it writes is no signature.
  Result<std::string> sign(Context& context, const Person& author, std::string_view bytes) const;
  /// The same for `write_commit` and `write_tag`; empty where nothing is signed. Borrows all, this too.
  SignObject signing(Context& context, const Person& author) const;
  /// Whether it signs for `author` now; signs something of no use. Errors: those of `sign`.
  Result<void> require_ready(Context& context, const Person& author) const;

 private:
  SigningOptions options_;
};

}  // namespace samebits::git
