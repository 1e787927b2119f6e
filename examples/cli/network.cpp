#include "network.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unistd.h>

#include "git_settings.hpp"

namespace samebits::cli {
namespace {

constexpr std::array<std::string_view, 4> github_hosts = {"github.com", "api.github.com", "uploads.github.com",
                                                          "ghcr.io"};

/// The first that is set.
std::string first_of(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (std::string value = variable(name); !value.empty()) return value;
  return {};
}

/// `https://localhost:5000/x`: `localhost:5000`.
std::string_view authority_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return url.substr(0, url.find('/'));
}

/// `localhost:5000`: `SAMEBITS_TOKEN_LOCALHOST_5000`.
std::string token_variable(std::string_view authority) {
  std::string name = "SAMEBITS_TOKEN_";
  for (const char c : authority) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    name += letter ? static_cast<char>(c & ~0x20) : digit ? c : '_';
  }
  return name;
}

Result<std::optional<Credential>> find_token(Context&, const CredentialRequest& request) {
  const std::string_view authority = authority_of(request.url);
  std::string token = variable(token_variable(authority));
  const bool is_github = std::find(github_hosts.begin(), github_hosts.end(), authority) != github_hosts.end();
  // An app that is named acts for the repositories; images are not its own.
  const bool app_acts = authority != "ghcr.io" && !variable("SAMEBITS_GITHUB_APP").empty();
  if (token.empty() && is_github && !app_acts && request.url.starts_with("https://")) token = variable("GITHUB_TOKEN");
  if (token.empty()) return std::optional<Credential>();
  return std::optional(Credential{.token = Secret(std::move(token))});
}

/// A GitHub App by its number and the file with its key, for all repositories of the one GitHub that jobs run at.
std::vector<AppCredential> github_apps() {
  const std::string app = variable("SAMEBITS_GITHUB_APP");
  if (app.empty()) return {};
  const std::string home = first_of({"SAMEBITS_GITHUB_URL", "GITHUB_SERVER_URL"});
  return {{.repository = home.empty() ? "https://github.com" : home,
           .app = app,
           .installation = variable("SAMEBITS_GITHUB_APP_INSTALLATION"),
           .private_key_file = variable("SAMEBITS_GITHUB_APP_KEY")}};
}

/// Source: git(1), `GIT_SSH_COMMAND` and `GIT_SSH`.
GitPrograms git_programs() {
  GitPrograms programs{.path = variable("PATH"), .environment = whole_environment(), .credential_helpers = true};
  if (const std::string command = variable("GIT_SSH_COMMAND"); !command.empty())
    programs.ssh = {"sh", "-c", command + " \"$@\"", command};
  else if (const std::string program = variable("GIT_SSH"); !program.empty())
    programs.ssh = {program};
  return programs;
}

std::vector<DockerConfig> docker_configs() {
  const std::string home = variable("HOME");
  std::vector<std::string> files;
  if (const std::string file = variable("REGISTRY_AUTH_FILE"); !file.empty()) files.push_back(file);
  if (const std::string folder = variable("DOCKER_CONFIG"); !folder.empty())
    files.push_back(folder + "/config.json");
  else if (!home.empty())
    files.push_back(home + "/.docker/config.json");
  if (const std::string folder = variable("XDG_RUNTIME_DIR"); !folder.empty())
    files.push_back(folder + "/containers/auth.json");
  if (!home.empty()) files.push_back(home + "/.config/containers/auth.json");
  const std::vector<std::string> environment = whole_environment();
  std::vector<DockerConfig> configs;
  configs.reserve(files.size());
  for (std::string& file : files)
    configs.push_back({.file = std::move(file), .helper_path = variable("PATH"), .helper_environment = environment});
  return configs;
}

}  // namespace

std::vector<std::string> whole_environment() {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) environment.emplace_back(*entry);
  return environment;
}

std::string cache_folder(std::string_view option) {
  if (option == "none") return {};
  if (!option.empty()) return std::string(option);
  const std::string home = variable("HOME");
  // Source: XDG Base Directory Specification: one that is not absolute is not there.
  if (const std::string folder = variable("XDG_CACHE_HOME"); folder.starts_with('/')) return folder + "/samebits";
  return home.starts_with('/') ? home + "/.cache/samebits" : std::string();
}

NetworkOptions network_from_environment() {
  return {.apps = github_apps(),
          .credential_callback = find_token,
          .docker = docker_configs(),
          .git = git_programs(),
          .proxy = {.https = Secret(first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})),
                    .http = Secret(first_of({"http_proxy", "all_proxy", "ALL_PROXY"})),
                    .bypass = first_of({"no_proxy", "NO_PROXY"})},
          .ca_file = variable("SSL_CERT_FILE")};
}

}  // namespace samebits::cli
