#pragma once

#include <string>
#include <string_view>

#include <samebits/source.hpp>

#include "git/objects.hpp"

namespace samebits::git {

/// Writes an annotated tag. `sign` empty: it is not signed. Errors: those of `sign`.
/// Source: git-mktag(1); gitformat-signature(5), "Tag signatures": the signature follows the message.
Result<git_oid> write_tag(const Repository& repository, const NewGitTag& tag, const git_signature& by,
                          const SignObject& sign);

/// A tag's message without the signature that follows it.
std::string_view unsigned_message(std::string_view message);

}  // namespace samebits::git
