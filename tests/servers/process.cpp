#include "servers/process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace samebits::test {
namespace {

pid_t start(const std::vector<std::string>& command, int& output) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t id = ::fork();
  if (id < 0) throw std::runtime_error("no process");
  // A group of its own, which ends as one.
  ::setpgid(id, id);
  if (id == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::execvp(words[0], words.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  output = ends[0];
  return id;
}

bool read_some(int descriptor, std::string& text) {
  std::array<char, 4096> part{};
  const ssize_t count = ::read(descriptor, part.data(), part.size());
  if (count > 0) text.append(part.data(), static_cast<std::size_t>(count));
  return count > 0;
}

int reap(pid_t id) {
  int status = 0;
  ::waitpid(id, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::string& ready) : id_(start(command, output_)) {
  // All of the line: it says more.
  while (greeting_.find('\n', greeting_.find(ready)) == std::string::npos) {
    if (read_some(output_, greeting_)) continue;
    ::kill(-id_, SIGKILL);
    reap(id_);
    ::close(output_);
    throw std::runtime_error(command.front() + " did not start: " + greeting_);
  }
  drain_ = std::thread([output = output_] {
    std::string rest;
    while (read_some(output, rest)) rest.clear();
  });
}

Process::~Process() {
  ::kill(-id_, SIGKILL);
  reap(id_);
  drain_.join();
  ::close(output_);
}

std::string Process::line_of(const std::string& text) const {
  const auto begin = greeting_.find(text);
  return greeting_.substr(begin, greeting_.find('\n', begin) - begin);
}

std::string run_command(const std::vector<std::string>& command) {
  int output = -1;
  const pid_t id = start(command, output);
  std::string text;
  while (read_some(output, text)) {
  }
  ::close(output);
  if (reap(id) != 0) throw std::runtime_error(command.front() + " failed: " + text);
  return text;
}

bool has_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string folders = path == nullptr ? "" : path;
  for (std::size_t at = 0; at <= folders.size();) {
    const auto end = std::min(folders.find(':', at), folders.size());
    if (::access((folders.substr(at, end - at) + "/" + name).c_str(), X_OK) == 0) return true;
    at = end + 1;
  }
  return false;
}

}  // namespace samebits::test
