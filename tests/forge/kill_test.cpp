#include <atomic>
#include <csignal>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#include "forge/forge_world.hpp"
#include "support/child.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

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

/// Runs `work` in a process that is killed at its request number `request` to the forge: before that is done, or after,
/// before the answer goes out.
std::string killed_at(GithubDouble& forge, int request, bool before, const std::function<std::string()>& work) {
  SharedId child;
  int seen = 0;
  forge.answer_first([&](const Asked&) -> std::optional<Answer> {
    if (++seen != request) return std::nullopt;
    child.kill();
    return before ? std::optional(Answer{.status = 500}) : std::nullopt;
  });
  const std::string outcome = in_child([&] {
    child.set_own();
    return work();
  });
  // The request of a process that is gone may still be answered.
  forge.answer_first(nullptr);
  return outcome;
}

}  // namespace

TEST_CASE("a release that is killed at any request to the forge is completed by running it again") {
  ForgeWorld world;
  world.make_releasable();
  world.keep();
  must(world.release());
  const std::string state = world.forge.state();
  const std::string values = world.values();
  const std::string commits = world.commits();
  for (const bool before : {true, false})
    for (int request = 1;; ++request) {
      CAPTURE(request);
      CAPTURE(before);
      world.begin();
      const std::string outcome = killed_at(world.forge, request, before, [&] { return code_of(world.release()); });
      if (outcome != "killed") {
        CHECK(outcome == "none");
        CHECK(request > 10);
        break;
      }
      must(world.release());
      CHECK(world.forge.state() == state);
      CHECK(world.values() == values);
      CHECK(world.commits() == commits);
    }
}
