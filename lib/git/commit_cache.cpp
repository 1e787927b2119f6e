#include "git/commit_cache.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "core/text.hpp"
#include "crypto/sha256.hpp"
#include "git/cache_file.hpp"
#include "git/pack_reader.hpp"
#include "git/pack_writer.hpp"
#include "system/files.hpp"

namespace samebits::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "samebits-commits 1 ";
constexpr std::size_t max_commits = 4096;
constexpr std::size_t max_bytes = std::size_t{2} << 20;
constexpr std::size_t max_file = std::size_t{4} << 20;

/// The commits of a file, in its order; nothing for what is damaged. Other objects are left out.
std::optional<std::vector<git_oid>> parse(std::string_view text, ObjectStore& store) {
  const auto pack = cached_text(text, magic);
  if (!pack) return std::nullopt;
  auto ids = read_pack(*pack, store);
  if (!ids) return std::nullopt;
  std::erase_if(*ids, [&](const git_oid& id) { return store.find(id)->type != GIT_OBJECT_COMMIT; });
  return *std::move(ids);
}

}  // namespace

CommitCache::CommitCache(std::string_view folder, std::string_view location) {
  if (!folder.empty()) file_ = fs::path(folder) / "git" / (sha256_hex(location) + ".commits");
}

void CommitCache::load(const Context& context, ObjectStore& store) {
  if (file_.empty() || std::exchange(is_loaded_, true)) return;
  const auto bytes = read_file(file_, max_file);
  if (bytes && !*bytes) return;
  if (auto ids = bytes ? parse(**bytes, store) : std::nullopt) {
    ids_ = *std::move(ids);
    return;
  }
  context.note(LogLevel::info,
               fmt::format("the cache '{}' cannot be read: it is not used", printable(file_.string(), 500)));
  std::error_code ignored;
  if (bytes) fs::remove(file_, ignored);
}

void CommitCache::add(const Context& context, const ObjectStore& store, std::span<const git_oid> commits) {
  if (file_.empty()) return;
  std::vector<git_oid> all(commits.begin(), commits.end());
  all.insert(all.end(), ids_.begin(), ids_.end());
  ids_.clear();
  std::vector<PackEntry> entries;
  std::unordered_set<git_oid, OidHash, OidEqual> seen;
  std::size_t size = 0;
  for (const git_oid& id : all) {
    const StoredObject* commit = store.find(id);
    if (commit == nullptr || commit->type != GIT_OBJECT_COMMIT || !seen.insert(id).second) continue;
    size += commit->bytes.size();
    if (size > max_bytes || entries.size() == max_commits) break;
    entries.push_back({.object = commit});
    ids_.push_back(id);
  }
  if (!entries.empty()) keep_text(context, file_, magic, write_pack(entries));
}

std::optional<std::vector<git_oid>> path_between(const ObjectStore& store, const git_oid& newer, const git_oid& older) {
  /// What leads to each.
  std::unordered_map<git_oid, git_oid, OidHash, OidEqual> child{{newer, newer}};
  std::vector<git_oid> open{newer};
  for (std::size_t next = 0; next < open.size(); ++next) {
    const git_oid id = open[next];
    const StoredObject* object = store.find(id);
    if (object == nullptr || object->type != GIT_OBJECT_COMMIT) continue;
    const auto commit = store.repository().find_commit(id);
    if (!commit || *commit == nullptr) continue;
    for (unsigned int index = 0; index < libgit2().commit_parentcount(commit->get()); ++index) {
      const git_oid parent = *libgit2().commit_parent_id(commit->get(), index);
      if (!child.emplace(parent, id).second) continue;
      open.push_back(parent);
      if (libgit2().oid_equal(&parent, &older) == 0) continue;
      std::vector<git_oid> path;
      for (git_oid at = id;; at = child.at(at)) {
        path.push_back(at);
        if (libgit2().oid_equal(&at, &newer) == 1) break;
      }
      std::reverse(path.begin(), path.end());
      return path;
    }
  }
  return std::nullopt;
}

}  // namespace samebits::git
