#include "support/pipeline_world.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

#include <fmt/format.h>

#include "support/layout_writer.hpp"

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

/// The empty tree, which every Git knows.
constexpr std::string_view empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

std::string bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// What `samebits init` writes for each service, with one samebits.yaml for all.
std::vector<FileChange> first_files(const PipelineWorld::Options& options) {
  std::string config = "apiVersion: samebits/v1\nservices:\n";
  std::vector<FileChange> files;
  for (const std::string& service : options.services) {
    const std::string image = "oci:../images/" + service;
    config += fmt::format("  {}: {{image: \"{}\", source: ../source.git}}\n", service, image);
    for (auto& [name, bytes] : must(initial_files({.service = service, .image = image, .source = "../source.git"})))
      if (name != "samebits.yaml") files.push_back({.path = path(name), .bytes = std::move(bytes)});
  }
  if (options.services.size() > 1) config += "tags: {git: \"{service}/v{version}\"}\n";
  files.push_back({.path = path("samebits.yaml"), .bytes = config + options.more});
  return files;
}

std::string layout_facts(const fs::path& images) {
  std::vector<std::string> lines;
  for (const auto& entry : fs::recursive_directory_iterator(images))
    if (entry.is_regular_file())
      lines.push_back(fmt::format("{} {}\n", entry.path().string(), std::hash<std::string>()(bytes_of(entry.path()))));
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace

PipelineWorld::PipelineWorld(const Options& options)
    : services_(options.services),
      source_(GitRepository::bare(folder_.path() / "source.git")),
      gitops_(GitRepository::bare(folder_.path() / "gitops.git")) {
  source_.git("hash-object -t tree -w /dev/null");
  merge();
  for (const std::string& service : services_) put_image(layout(service), "seed", "seed");
  Context context;
  must(open_local_gitops(gitops_.location(), "main")
           ->commit(context, {.expected_tip = {},
                              .changes = first_files(options),
                              .message = "Begin",
                              .author = {},
                              .time = system_clock().now()}));
}

PipelineWorld::PipelineWorld(const PipelineWorld& other)
    : services_(other.services_),
      source_(GitRepository::at(folder_.path() / "source.git")),
      gitops_(GitRepository::at(folder_.path() / "gitops.git")),
      commits_(other.commits_) {
  fs::copy(other.root(), root(), fs::copy_options::recursive);
}

CommitId PipelineWorld::merge() {
  const bool is_first = commits_ == 0;
  const CommitId made = commit_id(
      source_.git(fmt::format("commit-tree {} -m 'Commit {}' {}", empty_tree, ++commits_, is_first ? "" : "-p main")));
  source_.git("update-ref refs/heads/main " + made.str());
  return made;
}

CommitId PipelineWorld::merge_and_build() {
  CommitId made = merge();
  for (const std::string& service : services_) build(snapshot(made), service + " at " + made.str(), service);
  return made;
}

CommitId PipelineWorld::push_branch(std::string_view branch, const std::optional<CommitId>& parent) {
  const CommitId made = commit_id(source_.git(
      fmt::format("commit-tree {} -m 'Commit {}' -p {}", empty_tree, ++commits_, parent ? parent->str() : "main")));
  source_.git(fmt::format("update-ref refs/heads/{} {}", branch, made.str()));
  return made;
}

Digest PipelineWorld::build(std::string_view tag, std::string_view content, std::string_view service) {
  return put_image(layout(service), tag, content);
}

ClientOptions PipelineWorld::options() const {
  return {.gitops = gitops_.location(),
          .promoter = {.author = {.name = "Ada", .mail = "ada@example.com"}, .timeout = std::chrono::minutes(4)}};
}

CommitId PipelineWorld::tip() const { return commit_id(gitops_.git("rev-parse main")); }

CommitId PipelineWorld::write_by_hand(std::string_view file, std::optional<std::string> bytes) {
  Context context;
  return must(open_local_gitops(gitops_.location(), "main")
                  ->commit(context, {.expected_tip = tip(),
                                     .changes = {{.path = path(file), .bytes = std::move(bytes)}},
                                     .message = "By hand",
                                     .author = {},
                                     .time = system_clock().now()}));
}

std::string PipelineWorld::tag_in(std::string_view environment, std::string_view service) const {
  const std::string text = file(fmt::format("values/{}/{}.yaml", environment, service));
  std::smatch found;
  return std::regex_search(text, found, std::regex("tag: *\"?([^\"\n]*)\"?")) ? found[1].str() : "none";
}

CommitId PipelineWorld::make_releasable() {
  CommitId commit = merge_and_build();
  for (const std::string& service : services_) {
    must(client()->promote({.environment = "preprod", .sha = commit.str(), .services = {service}}));
    pass_gate(commit, service);
  }
  return commit;
}

void PipelineWorld::pass_gate(const CommitId& commit, std::string_view service) {
  must(client()->gate_post(
      {.gate = "preprod-tests", .sha = commit.str(), .conclusion = "success", .service = std::string(service)}));
}

std::string PipelineWorld::fingerprint() const {
  return gitops_.git("for-each-ref") + "\n" + source_.git("for-each-ref") + "\n" + layout_facts(root() / "images");
}

std::string PipelineWorld::outcome() const {
  // Every blob, commit and tag with its text, each reference for itself; marks instead of ids.
  std::string text;
  for (const GitRepository* repository : {&gitops_, &source_})
    text += repository->git("for-each-ref --format='%(refname)' | while read ref; do git -C '" +
                            repository->location() + "' fast-export $ref; done");
  for (const char* changing : {R"("time": ?"[^"]*")", R"("previous": "[^"]*")", R"(> [0-9]+ \+0000)"})
    text = std::regex_replace(text, std::regex(changing), "");
  text += layout_facts(root() / "images");
  const std::string folder = root().string();
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) text.erase(at, folder.size());
  return text;
}

}  // namespace samebits::test
