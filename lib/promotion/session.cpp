#include "promotion/session.hpp"

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {

Result<std::unique_ptr<Session>> Session::open(Context& context, Setup& setup) {
  SB_CHECK(context.check());
  GitOps& gitops = setup.ports.gitops;
  SB_TRY(const auto tip, gitops.tip(context));
  if (!tip)
    return Error{.code = ErrorCode::repository_missing,
                 .message = fmt::format("the GitOps repository has no branch '{}' yet", gitops.branch()),
                 .hint = "commit what `samebits init` wrote and push it",
                 .remote = gitops.location()};
  return open_at(context, setup, *tip);
}

Result<std::unique_ptr<Session>> Session::open_at(Context& context, Setup& setup, const CommitId& tip) {
  const PromoterOptions& options = setup.options;
  std::unique_ptr<Session> session(new Session(context, setup, tip));
  SB_TRY(const auto path, RepoPath::parse("samebits.yaml"));
  SB_TRY(const auto file, session->read(path));
  session->overrides_policy_ = file && options.config;
  if (options.config) {
    SB_CHECK(session->load(*options.config, options.config_name));
    return session;
  }
  if (!file)
    return Error{.code = ErrorCode::file_missing,
                 .message = fmt::format("the GitOps repository has no samebits.yaml at {}", tip.brief()),
                 .hint = "samebits init writes one",
                 .where = {.file = "samebits.yaml"},
                 .remote = setup.ports.gitops.location()};
  SB_CHECK(session->load(file->bytes, "samebits.yaml"));
  session->policy_ = file->blob;
  return session;
}

Result<void> Session::load(std::string_view yaml, std::string_view name) {
  SB_TRY(pipeline_, setup_.pipelines.of(yaml, [&](std::string_view text) { return load_pipeline(text, name); }));
  return {};
}

Result<Report> config_findings(Context& context, const Setup& setup) {
  const PromoterOptions& options = setup.options;
  GitOps& gitops = setup.ports.gitops;
  Report report;
  std::string yaml = options.config.value_or("");
  if (!options.config) {
    SB_TRY(const auto tip, gitops.tip(context));
    SB_TRY(const auto path, RepoPath::parse("samebits.yaml"));
    SB_TRY(const auto file, gitops.read(context, *tip, path));
    if (file) yaml = file->bytes;
  }
  if (const auto loaded = load_pipeline(yaml, options.config ? options.config_name : "samebits.yaml", &report.findings);
      !loaded && report.findings.empty())
    report.findings.push_back(loaded.error());
  return report;
}

Result<void> Session::prefetch(std::span<const RepoPath> paths) {
  std::vector<RepoPath> wanted;
  for (const RepoPath& path : paths)
    if (!files_.contains(path)) wanted.push_back(path);
  return wanted.empty() ? Result<void>() : ports().gitops.prefetch(context_, tip_, wanted);
}

Result<std::optional<RepoFile>> Session::read(const RepoPath& path) {
  if (const auto known = files_.find(path); known != files_.end()) return known->second;
  SB_TRY(auto file, ports().gitops.read(context_, tip_, path));
  files_.emplace(path, file);
  return file;
}

Result<std::shared_ptr<const Record>> Session::parse_record(std::string_view bytes) {
  return setup_.records.of(bytes, Record::parse);
}

Result<const CommitFacts*> Session::ancestor(std::size_t steps) {
  const CommitFacts* const none = nullptr;
  while (ancestors_.size() <= steps) {
    if (!ancestors_.empty() && ancestors_.back().parents.empty()) return none;
    const CommitId id = ancestors_.empty() ? tip_ : ancestors_.back().parents.front();
    SB_TRY(auto facts, ports().gitops.commit_facts(context_, id));
    if (!facts) return none;
    ancestors_.push_back(*std::move(facts));
  }
  return &ancestors_[steps];
}

}  // namespace samebits
