#include "system/new_files.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <fmt/format.h>

#include "core/try.hpp"
#include "system/file_descriptor.hpp"
#include "system/files.hpp"
#include "system/flush.hpp"
#include "system/random.hpp"
#include "system/system_error.hpp"

namespace samebits {
namespace {

namespace fs = std::filesystem;

class Batch {
 public:
  Batch(const fs::path& root, std::string_view prefix) : root_(root), prefix_(prefix), salt_(random_number()) {}
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() {
    for (const Renaming& renaming : renamings_) ::unlink(renaming.from.c_str());
  }

  Result<void> add(const NewFile& file) {
    const fs::path path = root_ / file.path;
    if (!file.bytes) return add_present(path);
    const fs::path temporary = path.parent_path() / fmt::format("{}{:016x}{:04x}", prefix_, salt_, renamings_.size());
    FileDescriptor descriptor = create(temporary);
    if (descriptor.get() < 0) return system_error("a file cannot be made", path, errno);
    renamings_.push_back({temporary, path});
    folders_.insert(path.parent_path());
    const int number = write_all(descriptor.get(), *file.bytes);
    begin_to_flush(descriptor);
    opened_.push_back(std::move(descriptor));
    if (number != 0) return system_error("a file cannot be written", path, number);
    return {};
  }

  Result<void> finish() {
    if (const int number = flush_all(opened_); number != 0)
      return system_error("files cannot be flushed to the disk", root_, number);
    opened_.clear();
    while (!renamings_.empty()) {
      const auto& [from, to] = renamings_.back();
      if (::rename(from.c_str(), to.c_str()) != 0) return system_error("a file cannot be renamed", to, errno);
      renamings_.pop_back();
    }
    return flush_folders();
  }

 private:
  struct Renaming {
    fs::path from;
    fs::path to;
  };

  Result<void> add_present(const fs::path& path) {
    FileDescriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    // Somebody put it elsewhere, as `git repack` does, which flushes.
    if (descriptor.get() < 0 && errno == ENOENT) return {};
    if (descriptor.get() < 0) return system_error("a file cannot be opened", path, errno);
    folders_.insert(path.parent_path());
    opened_.push_back(std::move(descriptor));
    return {};
  }

  /// Others may remove a folder as long as it is empty: `git gc` does.
  static FileDescriptor create(const fs::path& temporary) {
    constexpr int most_attempts = 5;
    for (int attempt = 1;; ++attempt) {
      FileDescriptor made(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444));
      if (made.get() >= 0 || errno != ENOENT || attempt == most_attempts) return made;
      if (::mkdir(temporary.parent_path().c_str(), 0777) != 0 && errno != EEXIST) return made;
    }
  }

  Result<void> flush_folders() {
    // Also the root: who made a folder in it may not have flushed it.
    if (!folders_.empty()) folders_.insert(root_);
    for (const fs::path& folder : folders_) {
      opened_.push_back(open_folder(folder));
      if (opened_.back().get() < 0) return system_error("a folder cannot be opened", folder, errno);
    }
    if (const int number = flush_all(opened_); number != 0)
      return system_error("folders cannot be flushed to the disk", root_, number);
    return {};
  }

  fs::path root_;
  std::string_view prefix_;
  std::uint64_t salt_;
  std::vector<FileDescriptor> opened_;
  std::vector<Renaming> renamings_;
  std::set<fs::path> folders_;
};

}  // namespace

Result<void> create_files(const fs::path& root, std::span<const NewFile> files, std::string_view prefix) {
  Batch batch(root, prefix);
  for (const NewFile& file : files) SB_CHECK(batch.add(file));
  return batch.finish();
}

}  // namespace samebits
