#include <algorithm>

#include "core/rollout.hpp"
#include "core/text.hpp"

namespace samebits {
namespace {

/// `a/./b/../c` as `a/c`.
std::string plain_path(std::string_view path) {
  std::vector<std::string_view> parts;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else
      parts.push_back(part);
  }
  return fmt::format("{}", fmt::join(parts, "/"));
}

/// Whether the source itself, or one that it names by `$ref`, holds the file; the name of the latter in `ref`.
bool reads(const ApplicationSource& source, const std::string& file, std::string& ref) {
  for (const std::string& entry : source.value_files) {
    ref.clear();
    if (entry.starts_with('$')) {
      const auto slash = std::min(entry.find('/'), entry.size());
      ref = entry.substr(1, slash - 1);
      if (plain_path(entry.substr(slash)) == file) return true;
    } else if (plain_path(entry.starts_with('/') ? entry : source.path + "/" + entry) == file) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string normal_repository(std::string_view address) {
  const auto scheme = address.find("://");
  const bool is_url = scheme != std::string_view::npos;
  const bool is_ssh = address.starts_with("ssh://");
  if (address.starts_with("file://")) address.remove_prefix(7);
  while (address.ends_with('/')) address.remove_suffix(1);
  if (address.ends_with(".git")) address.remove_suffix(4);
  if (address.starts_with('/')) return std::string(address);
  if (is_url) address.remove_prefix(scheme + 3);
  const auto at = address.find('@');
  if (at != std::string_view::npos && at < address.find('/')) address.remove_prefix(at + 1);
  auto end = std::min(address.find('/'), address.size());
  std::string_view path = address.substr(end);
  // `host:path` of scp; the port of ssh says nothing about the repository.
  if (const auto colon = address.find(':'); colon < end && (!is_url || is_ssh)) {
    if (!is_url) path = address.substr(colon + 1);
    end = colon;
  }
  while (path.starts_with('/')) path.remove_prefix(1);
  return lower(address.substr(0, end)) + "/" + std::string(path);
}

std::optional<std::size_t> find_gitops_source(const ApplicationFacts& application, std::string_view repository,
                                              const RepoPath& values_file) {
  const auto& sources = application.sources;
  const std::string wanted = normal_repository(repository);
  std::vector<std::size_t> same;
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i].chart.empty() && normal_repository(sources[i].repository) == wanted) same.push_back(i);
  // The reconciler may know the repository by another address: then the file decides.
  const auto fits = [&](std::size_t i) {
    return sources[i].chart.empty() && (same.empty() || std::find(same.begin(), same.end(), i) != same.end());
  };
  for (std::size_t i = 0; i < sources.size(); ++i) {
    std::string ref;
    if (!reads(sources[i], values_file.str(), ref)) continue;
    if (ref.empty() && fits(i)) return i;
    for (std::size_t named = 0; named < sources.size(); ++named)
      if (!ref.empty() && sources[named].ref == ref && fits(named)) return named;
  }
  for (const std::size_t i : same)
    if (!sources[i].ref.empty()) return i;
  if (!same.empty()) return same.front();
  if (sources.size() == 1 && sources.front().chart.empty()) return 0;
  return std::nullopt;
}

std::string revision_at(const std::vector<std::string>& revisions, std::size_t source) {
  return source < revisions.size() ? revisions[source] : "";
}

}  // namespace samebits
