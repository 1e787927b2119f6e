#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <samebits/network.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "system/run_program.hpp"

namespace samebits::git {
namespace {

/// `git credential` and the helpers that the user's configuration names. Source: git-credential(1).
class GitCredentials final : public Credentials {
 public:
  explicit GitCredentials(const GitPrograms& programs) : programs_(programs) {
    // Nobody is there to be asked.
    for (const char* name : {"GIT_TERMINAL_PROMPT=", "GIT_ASKPASS="})
      std::erase_if(programs_.environment, [&](const std::string& entry) { return entry.starts_with(name); });
    programs_.environment.insert(programs_.environment.end(), {"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS="});
  }

  Result<std::optional<Credential>> find(Context& context, const CredentialRequest& request) override {
    const auto described = describe(request);
    if (!request.is_git || !described) return std::optional<Credential>();
    const std::string key = request.username + "@" + request.url;
    auto known = given_.find(key);
    if (known != given_.end() && !request.refresh) return std::optional(known->second);
    if (known != given_.end()) {
      // Else a helper that keeps passwords would give the same one again.
      const std::string answer = fmt::format("{}username={}\npassword={}\n\n", *described, known->second.username,
                                             known->second.password.reveal());
      SB_CHECK(run(context, "reject", answer));
      given_.erase(known);
    }
    SB_TRY(const auto ran, run(context, "fill", *described + "\n"));
    // No helper knows it.
    if (ran.status != 0) return std::optional<Credential>();
    Credential credential;
    for (const std::string_view line : split(ran.output, '\n')) {
      const auto equals = line.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string value(line.substr(equals + 1));
      if (line.substr(0, equals) == "username") credential.username = value;
      if (line.substr(0, equals) == "password") credential.password = Secret(value);
    }
    if (credential.password.empty()) return std::optional<Credential>();
    given_.emplace(key, credential);
    return std::optional(std::move(credential));
  }

 private:
  /// Nothing where the URL cannot be said to Git line by line.
  static std::optional<std::string> describe(const CredentialRequest& request) {
    const std::string_view url = request.url;
    const auto scheme = url.find("://");
    if (scheme == std::string_view::npos || (request.url + request.username).find('\n') != std::string::npos)
      return std::nullopt;
    const std::string_view rest = url.substr(scheme + 3);
    const auto slash = std::min(rest.find('/'), rest.size());
    std::string text = fmt::format("protocol={}\nhost={}\n", url.substr(0, scheme), rest.substr(0, slash));
    if (slash + 1 < rest.size()) text += fmt::format("path={}\n", rest.substr(slash + 1));
    if (!request.username.empty()) text += fmt::format("username={}\n", request.username);
    return text;
  }

  Result<ProgramResult> run(Context& context, const std::string& action, const std::string& input) {
    auto ran = run_program(context, {.file = "git",
                                     .arguments = {"credential", action},
                                     .environment = programs_.environment,
                                     .path = programs_.path,
                                     .input = input});
    // Without Git there are no helpers of Git.
    if (!ran && ran.error().code == ErrorCode::file_missing) return ProgramResult{.status = 1};
    return ran;
  }

  GitPrograms programs_;
  std::map<std::string, Credential> given_;
};

}  // namespace
}  // namespace samebits::git

namespace samebits {

std::unique_ptr<Credentials> git_credentials(const GitPrograms& programs) {
  return std::make_unique<git::GitCredentials>(programs);
}

}  // namespace samebits
