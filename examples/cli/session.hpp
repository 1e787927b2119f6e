#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <samebits/samebits.hpp>

namespace samebits::cli {

/// What every command has, as given; and what it makes of that.
class Session {
 public:
  /// Adds the options of INTERFACES, section 1.
  void add_options(CLI::App& app);
  /// What the parser of arguments does not know. Errors: bad_option.
  Result<void> check() const;

  bool json() const noexcept { return output_ == "json"; }
  bool dry_run() const noexcept { return dry_run_; }
  bool quiet() const noexcept { return quiet_; }
  /// A job of GitHub Actions: summary, outputs and annotations too.
  bool github() const noexcept { return github_; }
  const std::string& gitops_option() const noexcept { return gitops_; }
  const std::vector<std::string>& services() const noexcept { return services_; }
  /// The one service; empty where none was named. Errors: bad_option for several.
  Result<std::string> service() const;
  Context context() const;
  /// Whether a repository was named, by option or environment.
  bool has_gitops() const;
  /// A client on the repository that was named, or on the one around the current folder.
  /// Errors: repository_missing, bad_option.
  Result<Client> client() const;
  /// For commands that name all they need themselves.
  Result<Client> client_without_repository() const;
  Result<Person> author() const;
  /// How remote parts are reached: credentials, proxies and certificates as the environment has them.
  NetworkOptions network_options() const;
  /// What the pipeline, if there is one here, lists as spoken to without TLS.
  std::vector<std::string> insecure_hosts(Context context) const;
  /// A client for images by reference, such as `reference`. Errors: bad_option.
  Result<Client> client_for_images(std::string_view reference) const;

 private:
  /// All but the author, which only commits and tags in Git have.
  Result<PromoterOptions> options_without_author() const;
  Result<PromoterOptions> promoter_options() const;
  std::function<void(LogLevel, std::string_view)> log() const;
  std::optional<std::string> location() const;

  std::string gitops_;
  std::string branch_;
  std::string config_;
  std::vector<std::string> services_;
  std::string output_ = "text";
  bool dry_run_ = false;
  std::string timeout_ = "5m";
  std::string cache_;
  std::string log_level_ = "warn";
  bool quiet_ = false;
  bool github_ = false;
  std::string author_;
  std::string sign_;
  std::string message_;
};

/// Set by SIGINT and SIGTERM.
CancelToken& cancel_token();

/// A command that was chosen: gives the exit status.
using Run = std::function<int()>;

// Each adds one command, which sets `run` when it is chosen.
void add_init(CLI::App& app, const Session& session, Run& run);
void add_check(CLI::App& app, const Session& session, Run& run);
void add_doctor(CLI::App& app, const Session& session, Run& run);
void add_tag(CLI::App& app, const Session& session, Run& run);
void add_values(CLI::App& app, const Session& session, Run& run);
void add_image(CLI::App& app, const Session& session, Run& run);
void add_preview(CLI::App& app, const Session& session, Run& run);
void add_promote(CLI::App& app, const Session& session, Run& run);
void add_gate(CLI::App& app, const Session& session, Run& run);
void add_release(CLI::App& app, const Session& session, Run& run);
void add_rollback(CLI::App& app, const Session& session, Run& run);
void add_apply(CLI::App& app, const Session& session, Run& run);
void add_status(CLI::App& app, const Session& session, Run& run);
void add_history(CLI::App& app, const Session& session, Run& run);
void add_wait(CLI::App& app, const Session& session, Run& run);
void add_trace(CLI::App& app, const Session& session, Run& run);

}  // namespace samebits::cli
