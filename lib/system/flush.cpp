#include "system/flush.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <system_error>
#include <thread>
#include <vector>

namespace samebits {
namespace {

/// Threads that begin while this lives take no signal: those are the caller's.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

int flush(int descriptor) {
  // EINVAL: a folder on a file system that flushes none.
  return ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
}

}  // namespace

int flush_all(std::span<const FileDescriptor> descriptors) {
  using Clock = std::chrono::steady_clock;
  // A thread is about as long in coming as a good disk is in flushing one file. Where the disk is slow, the more wait
  // for it at once the better: it flushes all of them in one go.
  constexpr std::size_t files_of_a_helper = 3;
  constexpr std::size_t most_helpers_at_first = 3;
  constexpr std::size_t most_helpers = 7;
  constexpr auto slow = std::chrono::milliseconds(1);

  std::atomic<std::size_t> next = 0;
  std::atomic<int> failure = 0;
  std::vector<std::jthread> helpers;
  const auto flush_next = [&] {
    const std::size_t index = next++;
    if (index >= descriptors.size()) return false;
    if (const int number = flush(descriptors[index].get()); number != 0) failure = number;
    return true;
  };
  const auto have_helpers = [&](std::size_t wanted) {
    const SignalsBlocked blocked;
    try {
      while (helpers.size() < wanted && next < descriptors.size())
        helpers.emplace_back([&] {
          while (flush_next()) continue;
        });
    } catch (const std::system_error&) {
      // No more threads are to be had: those that are here do all of it.
    }
  };
  helpers.reserve(most_helpers);
  if (descriptors.size() >= files_of_a_helper)
    have_helpers(std::min(descriptors.size() / files_of_a_helper, most_helpers_at_first));
  for (auto begin = Clock::now(); flush_next(); begin = Clock::now())
    if (Clock::now() - begin > slow) have_helpers(std::min(descriptors.size() - 1, most_helpers));
  helpers.clear();
  return failure;
}

void begin_to_flush(const FileDescriptor& file) { ::sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE); }

FileDescriptor open_folder(const std::filesystem::path& folder) {
  return FileDescriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace samebits
