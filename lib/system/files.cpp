#include "system/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "core/try.hpp"
#include "system/file_descriptor.hpp"
#include "system/flush.hpp"
#include "system/random.hpp"
#include "system/system_error.hpp"

namespace samebits {
namespace {

namespace fs = std::filesystem;

/// The entry itself must survive a crash too. File systems that cannot flush a folder are left to themselves.
void flush_folder(const fs::path& folder) {
  const FileDescriptor descriptor = open_folder(folder);
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

fs::path temporary_beside(const fs::path& path) {
  return path.parent_path() / fmt::format(".{}.{:016x}.tmp", path.filename().string(), random_number());
}

bool is_temporary_of(const fs::path& path, const std::string& name) {
  const std::string head = fmt::format(".{}.", path.filename().string());
  constexpr std::string_view tail = ".tmp";
  constexpr std::size_t digits = 16;
  return name.size() == head.size() + digits + tail.size() && name.starts_with(head) && name.ends_with(tail);
}

/// A temporary file beside `path` with `bytes`.
Result<fs::path> write_temporary(const fs::path& path, std::string_view bytes, mode_t mode, bool flushed = true) {
  const fs::path temporary = temporary_beside(path);
  const FileDescriptor descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (descriptor.get() < 0) return system_error("a temporary file cannot be made", temporary, errno);
  int number = write_all(descriptor.get(), bytes);
  if (number == 0 && ::fchmod(descriptor.get(), mode) != 0) number = errno;
  if (flushed && number == 0 && ::fsync(descriptor.get()) != 0) number = errno;
  if (number == 0) return temporary;
  ::unlink(temporary.c_str());
  return system_error("the file cannot be written", path, number);
}

/// Only root may give a file away; others own what they may replace, or the folder does. A change of owner takes the
/// bits of set-user-ID away.
void take_owner(const fs::path& file, const struct stat& facts, mode_t mode) {
  constexpr auto same_owner = static_cast<uid_t>(-1);
  if (::chown(file.c_str(), facts.st_uid, facts.st_gid) == 0 || ::chown(file.c_str(), same_owner, facts.st_gid) == 0)
    ::chmod(file.c_str(), mode);
}

}  // namespace

int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Result<std::optional<std::string>> read_file(const fs::path& path, std::size_t max_bytes) {
  const FileDescriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    return system_error("the file cannot be read", path, errno);
  }
  struct stat facts {};
  if (::fstat(descriptor.get(), &facts) != 0) return system_error("the file cannot be read", path, errno);
  if (S_ISDIR(facts.st_mode))
    return Error{.code = ErrorCode::not_editable,
                 .message = "a file is needed and a folder is there",
                 .where = {.file = path.string()}};
  // Most are small and end where they say; pipes and files that grow are read on.
  constexpr std::size_t smallest = 512;
  constexpr std::size_t largest = 65536;
  const auto said = static_cast<std::size_t>(facts.st_size);
  std::string bytes;
  while (true) {
    const std::size_t filled = bytes.size();
    const std::size_t least = std::clamp(filled, smallest, largest);
    bytes.resize(filled + std::clamp(said + 1 - std::min(said, filled), least, largest));
    const ssize_t count = ::read(descriptor.get(), bytes.data() + filled, bytes.size() - filled);
    bytes.resize(filled + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("the file cannot be read", path, errno);
    if (bytes.size() > max_bytes)
      return Error{.code = ErrorCode::not_editable,
                   .message = fmt::format("the file is larger than {} bytes", max_bytes),
                   .where = {.file = path.string()}};
    if (count == 0 || (S_ISREG(facts.st_mode) && bytes.size() == said)) return std::optional(std::move(bytes));
  }
}

void remove_leftovers(const fs::path& path, std::chrono::seconds older_than) {
  std::error_code ignored;
  const auto is_old = [&](const fs::path& file) {
    if (older_than == std::chrono::seconds::zero()) return true;
    std::error_code gone;
    const auto written = fs::last_write_time(file, gone);
    return !gone && fs::file_time_type::clock::now() - written > older_than;
  };
  for (fs::directory_iterator entry(path.parent_path(), ignored), end; !ignored && entry != end;
       entry.increment(ignored))
    if (is_temporary_of(path, entry->path().filename()) && is_old(entry->path())) ::unlink(entry->path().c_str());
}

Result<void> replace_private_file(const fs::path& path, std::string_view bytes) {
  SB_TRY(const auto temporary, write_temporary(path, bytes, 0600, false));
  if (::rename(temporary.c_str(), path.c_str()) == 0) return {};
  const int number = errno;
  ::unlink(temporary.c_str());
  return system_error("the file cannot be replaced", path, number);
}

Result<void> make_private_folder(const fs::path& path) {
  std::error_code failure;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failure);
  if (failure) return system_error("the folder cannot be made", path.parent_path(), failure.value());
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return system_error("the folder cannot be made", path, errno);
}

Result<Replacement> Replacement::prepare(const fs::path& path, std::string_view bytes) {
  struct stat facts {};
  const bool exists = ::stat(path.c_str(), &facts) == 0;
  const mode_t mode = exists ? facts.st_mode & 07777U : 0644U;
  SB_TRY(auto temporary, write_temporary(path, bytes, mode));
  if (exists) take_owner(temporary, facts, mode);
  return Replacement(path, std::move(temporary));
}

Replacement::Replacement(Replacement&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, {})) {}

Replacement::~Replacement() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> Replacement::commit() {
  if (::rename(temporary_.c_str(), path_.c_str()) != 0)
    return system_error("the file cannot be replaced", path_, errno);
  temporary_.clear();
  return {};
}

Result<void> replace_file(const fs::path& path, std::string_view bytes) {
  SB_TRY(auto replacement, Replacement::prepare(path, bytes));
  SB_CHECK(replacement.commit());
  flush_folder(path.parent_path());
  return {};
}

Result<bool> create_file(const fs::path& path, std::string_view bytes) {
  std::error_code failure;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), failure);
  if (failure) return system_error("the folder cannot be made", path.parent_path(), failure.value());
  SB_TRY(const auto temporary, write_temporary(path, bytes, 0644));
  const int outcome = ::link(temporary.c_str(), path.c_str());
  const int number = errno;
  ::unlink(temporary.c_str());
  if (outcome != 0 && number == EEXIST) return false;
  if (outcome != 0) return system_error("the file cannot be made", path, number);
  flush_folder(path.parent_path());
  return true;
}

Result<std::optional<FileLock>> FileLock::try_acquire(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return system_error("the lock cannot be opened", path, errno);
  FileLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return std::optional(std::move(lock));
  if (errno == EWOULDBLOCK || errno == EINTR) return std::optional<FileLock>();
  return system_error("the lock cannot be taken", path, errno);
}

Result<FileLock> FileLock::acquire(Context& context, const fs::path& path) {
  while (true) {
    SB_TRY(auto lock, try_acquire(path));
    if (lock) return *std::move(lock);
    if (auto wanted = context.check(); !wanted) {
      Error error = std::move(wanted).error();
      error.message += "; another process holds the lock";
      error.where.file = path.string();
      return error;
    }
    ::poll(nullptr, 0, 2);
  }
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace samebits
