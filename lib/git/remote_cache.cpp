#include "git/remote_cache.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include <samebits/adapters.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/sha256.hpp"
#include "git/cache_file.hpp"
#include "git/pack_reader.hpp"
#include "git/pack_writer.hpp"
#include "git/ref_names.hpp"
#include "system/files.hpp"

namespace samebits::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "samebits-cache 1 ";
/// Of the objects of one file, before they are written.
constexpr std::size_t max_bytes = std::size_t{16} << 20;
constexpr std::size_t max_file = std::size_t{32} << 20;
/// What a server does not offer is asked for anew after that time.
constexpr std::chrono::hours filters_for{24};
constexpr std::array<std::string_view, 3> filter_names = {"any", "plain", "none"};

/// The objects of the tip that are in the store: the commit, folders from the top on, then files, as far as they fit.
std::vector<PackEntry> objects_of(const ObjectStore& store, const git_oid& tip) {
  std::vector<PackEntry> entries;
  std::vector<const StoredObject*> files;
  std::unordered_set<git_oid, OidHash, OidEqual> seen;
  std::size_t size = 0;
  const auto add = [&](const StoredObject* object) {
    if (size + object->bytes.size() > max_bytes) return;
    size += object->bytes.size();
    entries.push_back({.object = object});
  };
  const auto commit = store.repository().find_commit(tip);
  if (!commit || *commit == nullptr) return entries;
  add(store.find(tip));
  std::vector<git_oid> open{*libgit2().commit_tree_id(commit->get())};
  for (std::size_t next = 0; next < open.size(); ++next) {
    const git_oid id = open[next];
    const StoredObject* object = store.find(id);
    if (object == nullptr || !seen.insert(id).second) continue;
    if (object->type == GIT_OBJECT_BLOB) files.push_back(object);
    if (object->type != GIT_OBJECT_TREE) continue;
    add(object);
    const auto tree = store.repository().tree(id);
    for (std::size_t index = 0; tree && index < libgit2().tree_entrycount(tree->get()); ++index)
      open.push_back(*libgit2().tree_entry_id(libgit2().tree_entry_byindex(tree->get(), index)));
  }
  std::for_each(files.begin(), files.end(), add);
  return entries;
}

/// `begin` and what follows it, up to the end of the line; taken off the text.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view begin) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(begin) || end < begin.size()) return std::nullopt;
  const std::string_view line = text.substr(begin.size(), end - begin.size());
  text.remove_prefix(end + 1);
  return line;
}

/// Nothing for what is damaged, or is of another branch.
std::optional<Remembered> parse(std::string_view bytes, std::string_view key, ObjectStore& store) {
  const auto checked = cached_text(bytes, magic);
  if (!checked) return std::nullopt;
  std::string_view text = *checked;
  const auto of = take_line(text, "branch ");
  const auto filters = take_line(text, "filters ");
  const auto moves = take_line(text, "moves ");
  const auto tip = take_line(text, "tip ");
  if (!of || *of != key || !filters || !moves || !tip) return std::nullopt;
  const auto id = to_oid(tip->substr(0, tip->find(' ')));
  const std::string_view ref = tip->substr(std::min(tip->size(), tip->find(' ') + 1));
  if (!id || !ref.starts_with(head_prefix) || !read_pack(text, store) || !store.has(*id)) return std::nullopt;
  Remembered seen{.ref = std::string(ref), .tip = *id, .moves = *moves != "no"};
  const auto words = split(*filters, ' ');
  const auto name = std::find(filter_names.begin(), filter_names.end(), words.front());
  const Time until{std::chrono::seconds(words.size() == 2 ? std::atoll(std::string(words[1]).c_str()) : 0)};
  const Time now = system_clock().now();
  if (name != filter_names.end() && now < until && until <= now + filters_for) {
    seen.filters = static_cast<Filters>(name - filter_names.begin());
    seen.filters_until = until;
  }
  return seen;
}

class Queued final : public WriteTurn {
 public:
  explicit Queued(FileLock lock) : lock_(std::move(lock)) {}

 private:
  FileLock lock_;
};

}  // namespace

RemoteCache::RemoteCache(std::string_view folder, std::string_view location, std::string_view branch) {
  if (folder.empty()) return;
  file_ = fs::path(folder) / "git" / sha256_hex(fmt::format("{}\n{}", location, branch));
}

std::optional<Remembered> RemoteCache::load(Context& context, ObjectStore& store) const {
  if (file_.empty()) return std::nullopt;
  const auto bytes = read_file(file_, max_file);
  if (bytes && !*bytes) return std::nullopt;
  auto seen = bytes ? parse(**bytes, file_.filename().string(), store) : std::nullopt;
  if (seen) return seen;
  context.note(LogLevel::info,
               fmt::format("the cache '{}' cannot be read: it is not used", printable(file_.string(), 500)));
  std::error_code ignored;
  if (bytes) fs::remove(file_, ignored);
  return std::nullopt;
}

void RemoteCache::save(const Context& context, const Remembered& seen, const ObjectStore& store) const {
  if (file_.empty()) return;
  const auto objects = objects_of(store, seen.tip);
  if (objects.empty()) return;
  const Time until = seen.filters_until.value_or(system_clock().now() + filters_for);
  std::string text =
      fmt::format("branch {}\nfilters {} {}\nmoves {}\ntip {} {}\n", file_.filename().string(),
                  filter_names.at(static_cast<std::size_t>(seen.filters)), until.time_since_epoch().count(),
                  seen.moves ? "yes" : "no", to_hex(seen.tip), seen.ref);
  text += write_pack(objects, Deflate::not_at_all);
  keep_text(context, file_, magic, text);
}

std::unique_ptr<WriteTurn> RemoteCache::take_turn(Context& context, std::chrono::milliseconds longest) const {
  if (file_.empty()) return nullptr;
  const fs::path place = file_.string() + ".lock";
  Context waiting = context;
  const auto end = Context::Clock::now() + longest;
  waiting.deadline = std::min(context.deadline.value_or(end), end);
  const auto wait = [&]() -> Result<FileLock> {
    SB_CHECK(make_private_folder(file_.parent_path()));
    if (std::error_code unknown; !fs::exists(place, unknown)) SB_CHECK(create_file(place, ""));
    return FileLock::acquire(waiting, place);
  };
  auto lock = wait();
  if (lock) return std::make_unique<Queued>(*std::move(lock));
  context.note(LogLevel::debug, "not in a queue: " + lock.error().message);
  return nullptr;
}

}  // namespace samebits::git
