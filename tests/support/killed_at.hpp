#pragma once

#include <atomic>
#include <csignal>
#include <functional>
#include <new>
#include <optional>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "servers/loopback_server.hpp"
#include "support/child.hpp"

namespace samebits::test {

/// The number of a process that a test may kill, where parent and child both see it.
class SharedId {
 public:
  SharedId()
      : memory_(::mmap(nullptr, sizeof(std::atomic<pid_t>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
        id_(new(memory_) std::atomic<pid_t>(0)) {}
  SharedId(const SharedId&) = delete;
  SharedId& operator=(const SharedId&) = delete;
  ~SharedId() { ::munmap(memory_, sizeof(std::atomic<pid_t>)); }
  void set_own() { id_->store(::getpid()); }
  void kill() const { ::kill(id_->load(), SIGKILL); }

 private:
  void* memory_;
  std::atomic<pid_t>* id_;
};

/// Runs `work` in a process of its own that is killed at its request number `request`: before the double has done it,
/// or after, before the answer goes out. "killed" where there was such a request.
template <class Double>
std::string killed_at(Double& twin, int request, bool before, const std::function<std::string()>& work) {
  SharedId child;
  int seen = 0;
  twin.answer_first([&](const Asked&) -> std::optional<Answer> {
    if (++seen != request) return std::nullopt;
    child.kill();
    return before ? std::optional(Answer{.status = 500}) : std::nullopt;
  });
  const std::string outcome = in_child([&] {
    child.set_own();
    return work();
  });
  // The request of a process that is gone may still be answered.
  twin.answer_first(nullptr);
  return outcome;
}

}  // namespace samebits::test
