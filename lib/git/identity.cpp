#include <array>

#include <samebits/git_identity.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/repository.hpp"

namespace samebits {
namespace {

using git::libgit2;
using ConfigHandle = git::Handle<git_config, &git::Libgit2::config_free>;

std::string text_of(git_config* config, const char* key) {
  const char* text = nullptr;
  return libgit2().config_get_string(&text, config, key) == 0 ? std::string(text) : "";
}

Error unreadable(const std::string& file) {
  const git_error* last = libgit2().error_last();
  return {.code = ErrorCode::bad_config,
          .message = fmt::format("Git's configuration cannot be read: {}",
                                 printable(last == nullptr ? "no reason given" : last->message)),
          .hint = "mend the file, or say who commits: --author \"NAME <MAIL>\"",
          .where = {.file = file}};
}

Result<SigningOptions::Format> signing_format(const std::string& name) {
  if (name.empty() || name == "openpgp") return SigningOptions::Format::openpgp;
  if (name == "ssh") return SigningOptions::Format::ssh;
  return Error{.code = ErrorCode::bad_config,
               .message = fmt::format("Git's gpg.format is '{}', and commits are signed by openpgp or ssh",
                                      printable(name, 100)),
               .hint = "say which: --sign openpgp or --sign ssh:FILE, or --sign none"};
}

/// What `files` say, and over them the repository at `location` where it is a local one.
Result<ConfigHandle> read_configuration(std::string_view location, const std::vector<std::string>& files) {
  SB_CHECK(git::load_libgit2());
  // A repository that cannot be opened is reported by what needs it.
  const auto repository = git::Repository::open(location);
  git_repository* const raw = repository ? repository->get() : nullptr;
  ConfigHandle config;
  if (libgit2().config_new(git::out(config)) < 0)
    return Error{.code = ErrorCode::out_of_memory, .message = "no memory"};
  constexpr std::array levels = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                                 GIT_CONFIG_LEVEL_GLOBAL};
  for (std::size_t i = 0; i < files.size() && i < levels.size(); ++i) {
    const int status = libgit2().config_add_file_ondisk(config.get(), files[i].c_str(), levels[i], raw, 0);
    if (status < 0 && status != GIT_ENOTFOUND) return unreadable(files[i]);
  }
  if (raw != nullptr) {
    const std::string own = std::string(libgit2().repository_commondir(raw)) + "config";
    if (libgit2().config_add_file_ondisk(config.get(), own.c_str(), GIT_CONFIG_LEVEL_LOCAL, raw, 0) < 0)
      return unreadable(own);
  }
  ConfigHandle snapshot;
  if (libgit2().config_snapshot(git::out(snapshot), config.get()) < 0) return unreadable("");
  return snapshot;
}

}  // namespace

Result<GitIdentity> git_identity(std::string_view location, const std::vector<std::string>& files) {
  SB_TRY(const auto config, read_configuration(location, files));
  return GitIdentity{.name = text_of(config.get(), "user.name"), .mail = text_of(config.get(), "user.email")};
}

Result<GitSigning> git_signing(std::string_view location, const std::vector<std::string>& files) {
  SB_TRY(const auto all, read_configuration(location, files));
  SB_TRY(const auto own, read_configuration("", files));
  GitSigning signing;
  int always = 0;
  signing.always = libgit2().config_get_bool(&always, all.get(), "commit.gpgsign") == 0 && always != 0;
  signing.options.key = text_of(all.get(), "user.signingkey");
  SB_TRY(signing.options.format, signing_format(text_of(all.get(), "gpg.format")));
  const bool ssh = signing.options.format == SigningOptions::Format::ssh;
  signing.options.program = text_of(own.get(), ssh ? "gpg.ssh.program" : "gpg.openpgp.program");
  if (!ssh && signing.options.program.empty()) signing.options.program = text_of(own.get(), "gpg.program");
  return signing;
}

}  // namespace samebits
