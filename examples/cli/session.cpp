#include "session.hpp"

#include <csignal>
#include <filesystem>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "author.hpp"
#include "network.hpp"
#include "output.hpp"
#include "signing.hpp"
#include "terminal.hpp"

namespace samebits::cli {
namespace {

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

/// Layouts and loopback: nothing need allow that they are spoken to without TLS.
bool is_reached_without_asking(std::string_view reference) {
  for (const std::string_view start : {"oci:", "localhost:", "localhost/", "127.", "[::1]"})
    if (reference.starts_with(start)) return true;
  return false;
}

constexpr std::string_view level_names[] = {"error", "warn", "info", "debug", "trace"};

}  // namespace

CancelToken& cancel_token() {
  static CancelToken token;
  static const bool installed = [] {
    struct sigaction action {};
    action.sa_handler = [](int) { cancel_token().fire(); };
    // Who asks a second time is served at once.
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    return true;
  }();
  (void)installed;
  return token;
}

void Session::add_options(CLI::App& app) {
  const std::string group = "Options of every command";
  app.add_option("--gitops", gitops_, "the GitOps repository (default: the one around the current folder)")
      ->type_name("LOCATION")
      ->envname("SAMEBITS_GITOPS")
      ->group(group);
  app.add_option("--branch", branch_, "its branch (default: its HEAD branch)")->group(group);
  app.add_option("--config", config_, "take the pipeline from this file (default: samebits.yaml at the tip)")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--service", services_, "which service; may be left out where there is one")
      ->group(group)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_option("--output", output_, "for people, or one JSON document, also on failure")
      ->capture_default_str()
      ->check(CLI::IsMember({"text", "json"}))
      ->group(group);
  app.add_flag("--dry-run", dry_run_, "show the plan and the diff, write nothing")->group(group);
  app.add_option("--timeout", timeout_, "deadline of the whole command: 90s, 5m, 1h30m")
      ->type_name("DURATION")
      ->capture_default_str()
      ->group(group);
  app.add_option("--cache", cache_, "small cache of remote facts (default: $XDG_CACHE_HOME/samebits)")
      ->type_name("DIR|none")
      ->group(group);
  app.add_option("--log-level", log_level_, "what is logged to standard error")
      ->capture_default_str()
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(level_names), std::end(level_names))))
      ->group(group);
  app.add_flag("--quiet", quiet_, "no logs but errors, and no text of what was done")->group(group);
  app.add_flag("--github", github_, "in GitHub Actions: also write the job's summary, outputs and annotations")
      ->group(group);
  app.add_option("--author", author_, "of commits and tags (default: from Git's configuration)")
      ->type_name("\"NAME <MAIL>\"")
      ->group(group);
  app.add_option("--sign", sign_,
                 "commits and tags: none, openpgp[:KEY] or ssh[:FILE] (default: as Git's configuration)")
      ->type_name("HOW")
      ->group(group);
  app.add_option("--message", message_, "title of the commit (default: says what was promoted)")
      ->type_name("TEXT")
      ->group(group);
}

Result<void> Session::check() const {
  if (const auto timeout = parse_duration(timeout_); !timeout) return timeout.error();
  if (auto sign = check_sign(sign_); !sign) return sign;
  if (author_.empty()) return {};
  const auto person = Person::parse(author_);
  return person ? Result<void>() : person.error();
}

Result<std::string> Session::service() const {
  if (services_.size() <= 1) return services_.empty() ? std::string() : services_.front();
  return Error{.code = ErrorCode::bad_option,
               .message = "--service was given more than once",
               .hint = "only promote and rollback take several services"};
}

std::function<void(LogLevel, std::string_view)> Session::log() const {
  const auto named = std::find(std::begin(level_names), std::end(level_names), log_level_) - std::begin(level_names);
  const auto wanted = quiet_ ? static_cast<std::ptrdiff_t>(LogLevel::error) : named;
  return [wanted](LogLevel level, std::string_view line) {
    if (static_cast<std::ptrdiff_t>(level) <= wanted)
      std::cerr << clean(fmt::format("{}: {}\n", level_names[static_cast<std::size_t>(level)], line));
  };
}

Context Session::context() const {
  Context context{.deadline = {}, .cancel = &cancel_token(), .log = log()};
  if (const auto timeout = parse_duration(timeout_)) context.deadline = Context::Clock::now() + *timeout;
  return context;
}

Result<Person> Session::author() const {
  if (!author_.empty()) return Person::parse(author_);
  return git_author(gitops_.empty() ? find_repository().value_or("") : gitops_);
}

Result<PromoterOptions> Session::promoter_options() const {
  auto options = options_without_author();
  if (!options) return options;
  auto person = author();
  if (!person) return std::move(person).error();
  options->author = *std::move(person);
  return options;
}

Result<PromoterOptions> Session::options_without_author() const {
  PromoterOptions options{.message = message_, .cancel = &cancel_token(), .log = log()};
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

NetworkOptions Session::network_options() const {
  NetworkOptions options = network_from_environment();
  options.cache = cache_folder(cache_);
  return options;
}

std::vector<std::string> Session::insecure_hosts(Context context) const {
  const auto found = location();
  if (!found) return {};
  // Whatever is wrong with the pipeline is for the commands that need it.
  const auto gitops = open_local_gitops(*found, branch_);
  const auto path = RepoPath::parse("samebits.yaml");
  const auto tip = gitops->tip(context);
  if (!path || !tip || !*tip) return {};
  const auto file = gitops->read(context, **tip, *path);
  if (!file || !*file) return {};
  const auto pipeline = load_pipeline((*file)->bytes, "samebits.yaml");
  return pipeline ? pipeline->insecure : std::vector<std::string>();
}

Result<Client> Session::client() const {
  auto promoter = promoter_options();
  if (!promoter) return std::move(promoter).error();
  const auto found = location();
  if (!found)
    return Error{.code = ErrorCode::repository_missing,
                 .message = "there is no Git repository around the current folder",
                 .hint = "say which with --gitops FOLDER, or set SAMEBITS_GITOPS"};
  auto signing = signing_of(sign_, *found);
  if (!signing) return std::move(signing).error();
  return Client(ClientOptions{.gitops = *found,
                              .branch = branch_,
                              .promoter = *std::move(promoter),
                              .network = network_options(),
                              .signing = *std::move(signing)});
}

Result<Client> Session::client_for_images(std::string_view reference) const {
  auto promoter = options_without_author();
  if (!promoter) return std::move(promoter).error();
  NetworkOptions network = network_options();
  if (!is_reached_without_asking(reference)) network.insecure = insecure_hosts(context());
  return Client(ClientOptions{.promoter = *std::move(promoter), .network = std::move(network)});
}

Result<Client> Session::client_without_repository() const {
  auto promoter = promoter_options();
  if (!promoter) return std::move(promoter).error();
  return Client(ClientOptions{.promoter = *std::move(promoter)});
}

}  // namespace samebits::cli
