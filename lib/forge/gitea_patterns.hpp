#pragma once

#include <optional>
#include <string_view>

namespace samebits::gitea {

// How Gitea's patterns fit. Nothing where that cannot be told: a regular expression in words of Go or .NET that
// ECMAScript does not have, or one that could take long.

/// Whether a rule for tags holds for a tag. `/.../` is a regular expression that finds something in it; anything else a
/// glob for all of it: `*`, `?`, `[a-z]`, `[!a-z]`, `{a,b}`, each of them for slashes as well.
/// Source: Gitea's documentation, "Protected tags".
std::optional<bool> fits_tag(std::string_view pattern, std::string_view tag);

/// Whether a CODEOWNERS file names somebody for a file: each line is a regular expression for the whole path, turned
/// round behind `!`, and all that fit count. Source: Gitea's documentation, "Code owners".
std::optional<bool> names_owner(std::string_view code_owners, std::string_view path);

}  // namespace samebits::gitea
