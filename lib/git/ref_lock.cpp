#include "git/ref_lock.hpp"

#include <chrono>
#include <fstream>

#include <samebits/adapters.hpp>

#include "core/try.hpp"

namespace samebits::git {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view note_name = "samebits-lock";
constexpr std::size_t max_note_bytes = 4096;

/// When the file was written last; nothing where it is not there.
std::optional<fs::file_time_type> written(const fs::path& file) {
  std::error_code failure;
  const auto time = fs::last_write_time(file, failure);
  return failure ? std::nullopt : std::optional(time);
}

/// Removes what a killed holder left. Another git may have taken the same lock in the instant after that death; it
/// holds a lock for milliseconds, so the file goes only when it did not change for long.
Result<void> clear(Context& context, const fs::path& folder, const fs::path& note) {
  constexpr auto settled = 400ms;
  constexpr auto slice = 20ms;
  SB_TRY(const auto ref, read_file(note, max_note_bytes));
  if (!ref) return {};
  const fs::path lock = folder / (*ref + ".lock");
  const auto first = ref->starts_with("refs/") && ref->find("..") == std::string::npos ? written(lock) : std::nullopt;
  for (auto waited = 0ms; first && written(lock) == first && waited < settled; waited += slice)
    SB_CHECK(system_clock().pause(context, slice));
  std::error_code ignored;
  if (first && written(lock) == first) {
    fs::remove(lock, ignored);
    context.note(LogLevel::warn, "removed '" + lock.string() + "', which a killed samebits left");
  }
  fs::remove(note, ignored);
  return {};
}

}  // namespace

RefLock::Note::~Note() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove(path_, ignored);
}

Result<void> clear_dead_lock(Context& context, const Repository& repository) {
  const fs::path folder = libgit2().repository_commondir(repository.get());
  const fs::path note = folder / note_name;
  if (!written(note)) return {};
  const auto turn = FileLock::try_acquire(folder);
  if (!turn || !*turn) return {};
  return clear(context, folder, note);
}

Result<std::optional<RefLock>> RefLock::try_take(Context& context, const Repository& repository,
                                                 const std::string& ref) {
  const fs::path folder = libgit2().repository_commondir(repository.get());
  const fs::path note = folder / note_name;
  RefLock taken;
  auto turn = FileLock::acquire(context, folder);
  if (turn) {
    taken.turn_ = *std::move(turn);
    SB_CHECK(clear(context, folder, note));
    // Where it cannot be written, neither can the lock file.
    std::ofstream(note, std::ios::binary) << ref;
    taken.note_ = Note(note);
  } else if (turn.error().code != ErrorCode::internal) {
    return std::move(turn).error();
  }
  int status = libgit2().transaction_new(out(taken.transaction_), repository.get());
  if (status == 0) status = libgit2().transaction_lock_ref(taken.transaction_.get(), ref.c_str());
  if (status == 0) return std::optional(std::move(taken));
  // A folder that another git removes just now shows as "not found".
  if (status == GIT_ELOCKED || status == GIT_ENOTFOUND) return std::optional<RefLock>();
  return repository.failure(status, ref);
}

}  // namespace samebits::git
