#include "support/child.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace samebits::test {
namespace {

struct Child {
  pid_t id = -1;
  int answer = -1;
};

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t size = 0; (size = ::read(descriptor, part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(size));
  return text;
}

[[noreturn]] void work_and_end(int answer, const std::function<std::string()>& work) {
  std::string text;
  try {
    text = work();
  } catch (...) {
    text = "exception";
  }
  const ssize_t written = ::write(answer, text.data(), text.size());
  ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

#ifdef __SANITIZE_ADDRESS__
/// Whether another thread of this process is at work.
bool another_works() {
  const std::string own = std::to_string(::gettid());
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() == own) continue;
    std::ifstream file(task.path() / "stat");
    const std::string stat{std::istreambuf_iterator<char>(file), {}};
    // Behind the name, which stands in brackets: S sleeps.
    const auto state = stat.rfind(") ");
    if (state != std::string::npos && stat.substr(state + 2, 1) != "S") return true;
  }
  return false;
}
#endif

/// AddressSanitizer of gcc 12 holds no lock of its allocator across a fork: a server of the test that allocates just
/// then leaves the child a lock that nobody opens.
void let_servers_rest() {
#ifdef __SANITIZE_ADDRESS__
  while (another_works()) std::this_thread::yield();
#endif
}

Child start(int gate, int gate_end, const std::function<std::string()>& work) {
  std::array<int, 2> answer{};
  if (::pipe(answer.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t id = ::fork();
  if (id < 0) throw std::runtime_error("no process");
  if (id == 0) {
    ::close(answer[0]);
    ::close(gate_end);
    // Ends when the parent closes its end.
    read_all(gate);
    work_and_end(answer[1], work);
  }
  ::close(answer[1]);
  return {.id = id, .answer = answer[0]};
}

}  // namespace

std::vector<std::string> in_children(int count, const std::function<std::string(int)>& work) {
  std::array<int, 2> gate{};
  if (::pipe(gate.data()) != 0) throw std::runtime_error("no pipe");
  std::vector<Child> children;
  let_servers_rest();
  for (int number = 0; number < count; ++number)
    children.push_back(start(gate[0], gate[1], [&work, number] { return work(number); }));
  ::close(gate[1]);
  ::close(gate[0]);
  std::vector<std::string> answers;
  for (const Child& child : children) {
    std::string answer = read_all(child.answer);
    ::close(child.answer);
    int status = 0;
    ::waitpid(child.id, &status, 0);
    answers.push_back(status == 0 ? std::move(answer) : "killed");
  }
  return answers;
}

std::string in_child(const std::function<std::string()>& work) {
  return in_children(1, [&work](int) { return work(); }).front();
}

}  // namespace samebits::test
