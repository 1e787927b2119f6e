#include <atomic>
#include <csignal>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "registry/release_world.hpp"
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

/// Runs `work` in a process of its own that is killed at its request number `request`: before the registry has done it,
/// or after, before the answer goes out. "killed" where there was such a request.
std::string killed_at(RegistryDouble& twin, int request, bool before, const std::function<std::string()>& work) {
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

std::string outcome_of(const Result<Retagged>& result) {
  if (!result) return code_of(result);
  return result->outcome == TagCreated::created ? "created" : "already";
}

}  // namespace

TEST_CASE("a retag that is killed at any request is completed by running it again") {
  RegistryDouble twin;
  const std::string digest = twin.put(std::string(oci_index_type), sample_index("main-1"), "main-1");
  const auto retag = [&] {
    Network network;
    Context context;
    return outcome_of(
        open_registry(must(ImageRepo::parse(twin.repository())), network)->retag(context, "main-1", "v1"));
  };
  for (const bool before : {true, false}) {
    int request = 1;
    while (killed_at(twin, request, before, retag) == "killed") {
      CAPTURE(request);
      const std::string again = retag();
      CHECK((again == "created" || again == "already"));
      CHECK(twin.tag("v1") == digest);
      twin.remove_tag("v1");
      ++request;
    }
    CHECK(request == 5);
    twin.remove_tag("v1");
  }
}

TEST_CASE("a release that is killed at any request to the registry is completed by running it again") {
  ReleaseWorld world;
  must(world.release(world.second));
  const std::string values = world.values();
  const std::string commits = world.commits();
  for (const bool before : {true, false}) {
    for (int request = 1;; ++request) {
      CAPTURE(request);
      world.begin();
      const std::string outcome =
          killed_at(world.twin, request, before, [&] { return code_of(world.release(world.second)); });
      if (outcome != "killed") {
        CHECK(outcome == "none");
        CHECK(request > 4);
        break;
      }
      const auto receipt = must(world.release(world.second));
      CHECK(receipt.images.front().digest.str() == world.twin.tag("v1.0.0"));
      CHECK(world.git_tag() == world.second);
      CHECK(world.values() == values);
      CHECK(world.commits() == commits);
    }
  }
}
