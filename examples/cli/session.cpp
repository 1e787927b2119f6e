#include "session.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "network.hpp"
#include "output.hpp"

namespace samebits::cli {
namespace {

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// The repository around the current folder: where `.git` is, or a bare one.
std::optional<std::string> find_repository() {
  std::error_code failure;
  for (auto folder = std::filesystem::current_path(failure); !folder.empty(); folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / ".git", failure) ||
        (std::filesystem::exists(folder / "HEAD", failure) && std::filesystem::exists(folder / "objects", failure)))
      return folder.string();
    if (folder == folder.root_path()) break;
  }
  return std::nullopt;
}

/// `user.name` and `user.email` as git finds them.
Person git_author() {
  Person person;
  const std::string name = environment_variable("GIT_AUTHOR_NAME");
  const std::string mail = environment_variable("GIT_AUTHOR_EMAIL");
  std::string text;
  if (name.empty() || mail.empty()) {
    const std::unique_ptr<FILE, int (*)(FILE*)> git(
        ::popen("git config --get-regexp '^user\\.(name|email)$' 2>/dev/null", "re"), ::pclose);
    char line[512];
    while (git && std::fgets(line, sizeof line, git.get()) != nullptr) text += line;
  }
  const auto configured = [&](const std::string& key) {
    const auto at = text.find(key + " ");
    if (at == std::string::npos) return std::string();
    return text.substr(at + key.size() + 1, text.find('\n', at) - at - key.size() - 1);
  };
  const std::string found_name = name.empty() ? configured("user.name") : name;
  const std::string found_mail = mail.empty() ? configured("user.email") : mail;
  if (!found_name.empty() && !found_mail.empty())
    if (auto parsed = Person::parse(found_name + " <" + found_mail + ">")) return *parsed;
  return person;
}

constexpr std::string_view level_names[] = {"error", "warn", "info", "debug", "trace"};

}  // namespace

CancelToken& cancel_token() {
  static CancelToken token;
  static const bool installed = [] {
    struct sigaction action {};
    action.sa_handler = [](int) { cancel_token().fire(); };
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    return true;
  }();
  (void)installed;
  return token;
}

void Session::add_options(CLI::App& app) {
  const std::string group = "Options of every command";
  app.add_option("--gitops", gitops_, "the GitOps repository: a folder, a bare folder or a file:// URL")
      ->envname("SAMEBITS_GITOPS")
      ->group(group);
  app.add_option("--branch", branch_, "its branch (default: its HEAD branch)")->group(group);
  app.add_option("--config", config_, "take the pipeline from this file (default: samebits.yaml at the tip)")
      ->group(group);
  app.add_option("--service", services_, "which service; may be left out where there is one")
      ->group(group)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--output", output_, "text, or one JSON document")
      ->check(CLI::IsMember({"text", "json"}))
      ->group(group);
  app.add_flag("--dry-run", dry_run_, "show the plan and the diff, write nothing")->group(group);
  app.add_option("--timeout", timeout_, "deadline of the whole command: 90s, 5m, 1h30m")->group(group);
  app.add_option("--cache", cache_, "folder of remote facts, or none (this version has no remote facts)")->group(group);
  app.add_option("--log-level", log_level_, "error, warn, info, debug or trace, to standard error")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(level_names), std::end(level_names))))
      ->group(group);
  app.add_flag("--quiet", quiet_, "no text but errors")->group(group);
  app.add_option("--author", author_, "\"NAME <MAIL>\" of commits (default: Git's configuration)")->group(group);
  app.add_option("--message", message_, "title of the commit")->group(group);
}

Result<std::string> Session::service() const {
  if (services_.size() <= 1) return services_.empty() ? std::string() : services_.front();
  return Error{.code = ErrorCode::bad_option,
               .message = "--service was given more than once",
               .hint = "only promote and rollback take several services"};
}

std::function<void(LogLevel, std::string_view)> Session::log() const {
  const auto wanted = std::find(std::begin(level_names), std::end(level_names), log_level_) - std::begin(level_names);
  return [wanted](LogLevel level, std::string_view line) {
    if (static_cast<std::ptrdiff_t>(level) <= wanted)
      std::cerr << level_names[static_cast<std::size_t>(level)] << ": " << line << '\n';
  };
}

Context Session::context() const {
  Context context{.deadline = {}, .cancel = &cancel_token(), .log = log()};
  if (const auto timeout = parse_duration(timeout_)) context.deadline = Context::Clock::now() + *timeout;
  return context;
}

Result<Person> Session::author() const {
  if (!author_.empty()) return Person::parse(author_);
  return git_author();
}

Result<PromoterOptions> Session::promoter_options() const {
  PromoterOptions options{.message = message_, .cancel = &cancel_token(), .log = log()};
  auto person = author();
  if (!person) return std::move(person).error();
  options.author = *std::move(person);
  auto timeout = parse_duration(timeout_);
  if (!timeout) return std::move(timeout).error();
  options.timeout = *timeout;
  if (config_.empty()) return options;
  auto bytes = read_input(config_);
  if (!bytes) return std::move(bytes).error();
  options.config = *std::move(bytes);
  options.config_name = config_;
  return options;
}

bool Session::has_gitops() const { return !gitops_.empty(); }

std::optional<std::string> Session::location() const { return gitops_.empty() ? find_repository() : gitops_; }

NetworkOptions Session::network_options() const { return network_from_environment(); }

NetworkOptions Session::network_options(Context& context, const ImageRepo& repo) const {
  NetworkOptions options = network_options();
  const auto found = repo.is_layout() ? std::nullopt : location();
  if (!found) return options;
  // Whatever is wrong with the pipeline is for the commands that need it.
  const auto gitops = open_local_gitops(*found, branch_);
  const auto path = RepoPath::parse("samebits.yaml");
  const auto tip = gitops->tip(context);
  if (!path || !tip || !*tip) return options;
  const auto file = gitops->read(context, **tip, *path);
  if (!file || !*file) return options;
  if (auto pipeline = load_pipeline((*file)->bytes, "samebits.yaml")) options.insecure = pipeline->insecure;
  return options;
}

Result<Client> Session::client() const {
  auto promoter = promoter_options();
  if (!promoter) return std::move(promoter).error();
  const auto found = location();
  if (!found)
    return Error{.code = ErrorCode::repository_missing,
                 .message = "there is no Git repository around the current folder",
                 .hint = "say which with --gitops FOLDER, or set SAMEBITS_GITOPS"};
  return Client(ClientOptions{
      .gitops = *found, .branch = branch_, .promoter = *std::move(promoter), .network = network_options()});
}

}  // namespace samebits::cli
