#include "signing.hpp"

#include <string>

#include <fmt/format.h>

#include "git_settings.hpp"
#include "network.hpp"

namespace samebits::cli {
namespace {

using Format = SigningOptions::Format;

/// `~/.ssh/id_ed25519.pub`, as Git reads it.
std::string expanded(const std::string& path) {
  return path.starts_with("~/") ? variable("HOME") + path.substr(1) : path;
}

bool is_true(const std::string& text) { return text == "true" || text == "yes" || text == "on" || text == "1"; }

/// What is passed on comes before files.
Result<GitSigning> from_git(std::string_view location) {
  auto signing = git_signing(location, configuration_files());
  if (!signing) return signing;
  if (const auto always = passed_on("commit.gpgsign"); !always.empty()) signing->always = is_true(always);
  if (const auto key = passed_on("user.signingkey"); !key.empty()) signing->options.key = key;
  if (const auto format = passed_on("gpg.format"); !format.empty())
    signing->options.format = format == "ssh" ? Format::ssh : Format::openpgp;
  return signing;
}

}  // namespace

Result<void> check_sign(std::string_view sign) {
  const std::string_view format = sign.substr(0, sign.find(':'));
  const bool has_key = sign.size() > format.size();
  if (sign.empty() || (format == "none" && !has_key) || format == "openpgp" || format == "ssh") return {};
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("--sign takes no '{}'", sign),
               .hint = "give openpgp, openpgp:KEY, ssh, ssh:FILE or none"};
}

Result<SigningOptions> signing_of(std::string_view sign, std::string_view location) {
  if (const auto fine = check_sign(sign); !fine) return fine.error();
  if (sign == "none") return SigningOptions();
  auto git = from_git(location);
  if (!git && sign.empty()) return git.error();
  SigningOptions signing = git ? git->options : SigningOptions();
  if (sign.empty() && !git->always) return SigningOptions();
  if (!sign.empty()) {
    const std::string_view name = sign.substr(0, sign.find(':'));
    const Format format = name == "ssh" ? Format::ssh : Format::openpgp;
    // What Git knows is about its own format.
    if (signing.format != format) signing = {.format = format};
    if (sign.size() > name.size()) signing.key = sign.substr(name.size() + 1);
  }
  if (signing.format == Format::ssh) signing.key = expanded(signing.key);
  signing.path = variable("PATH");
  signing.environment = whole_environment();
  return signing;
}

}  // namespace samebits::cli
