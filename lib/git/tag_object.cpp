#include "git/tag_object.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/try.hpp"
#include "git/objects.hpp"

namespace samebits::git {
namespace {

/// What a signature begins with. Source: gitformat-signature(5).
constexpr std::array<std::string_view, 4> begins = {"-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----",
                                                    "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----"};

}  // namespace

/// libgit2's own function does not say why an object could not be written, and does not sign.
Result<git_oid> write_tag(const Repository& repository, const NewGitTag& tag, const git_signature& by,
                          const SignObject& sign) {
  std::string text =
      fmt::format("object {}\ntype commit\ntag {}\ntagger {} <{}> {} +0000\n\n{}{}", tag.commit.str(), tag.name,
                  by.name, by.email, by.when.time, tag.message, tag.message.ends_with('\n') ? "" : "\n");
  if (sign) {
    SB_TRY(const std::string signature, sign(text));
    text += signature + "\n";
  }
  return write_object(repository, GIT_OBJECT_TAG, std::move(text), "tag '" + tag.name + "'");
}

std::string_view unsigned_message(std::string_view message) {
  // As Git, the last line that begins one.
  std::size_t end = message.size();
  for (std::size_t line = 0; line < message.size();) {
    const std::string_view rest = message.substr(line);
    if (std::any_of(begins.begin(), begins.end(), [&](std::string_view begin) { return rest.starts_with(begin); }))
      end = line;
    const std::size_t next = rest.find('\n');
    if (next == std::string_view::npos) break;
    line += next + 1;
  }
  return message.substr(0, end);
}

}  // namespace samebits::git
