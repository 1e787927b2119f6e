#include "system/flush.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
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
  constexpr std::size_t most_helpers = 7;
  std::atomic<std::size_t> next = 0;
  std::atomic<int> failure = 0;
  const auto work = [&] {
    for (std::size_t index = next++; index < descriptors.size(); index = next++)
      if (const int number = flush(descriptors[index].get()); number != 0) failure = number;
  };
  std::vector<std::jthread> helpers;
  if (descriptors.size() > 1) {
    // The disk begins with all of them while the first is waited for. Only a hint: what it answers says nothing.
    for (const FileDescriptor& descriptor : descriptors)
      ::sync_file_range(descriptor.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
    const SignalsBlocked blocked;
    try {
      helpers.reserve(most_helpers);
      const std::size_t wanted = std::min(descriptors.size() - 1, most_helpers);
      // Where flushing is quick, all is taken before the last helper is there.
      while (helpers.size() < wanted && next < descriptors.size()) helpers.emplace_back(work);
    } catch (const std::system_error&) {
      // No more threads are to be had: those that are here do all of it.
    }
  }
  work();
  helpers.clear();
  return failure;
}

FileDescriptor open_folder(const std::filesystem::path& folder) {
  return FileDescriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace samebits
