#pragma once

#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace samebits::test {

/// A server program that runs while this object lives.
class Process {
 public:
  /// Starts it and waits until its output holds a line with `ready`. Throws with its output where it ends before that.
  Process(const std::vector<std::string>& command, const std::string& ready);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// What it wrote until it was ready, standard error included.
  const std::string& greeting() const noexcept { return greeting_; }
  /// Of that, the rest of the line that begins with `text`, which is kept.
  std::string line_of(const std::string& text) const;
  pid_t id() const noexcept { return id_; }

 private:
  // Before the process, whose start sets it.
  int output_ = -1;
  pid_t id_ = -1;
  std::string greeting_;
  /// Reads on, so that the program never waits for us.
  std::thread drain_;
};

/// Runs a command to its end and gives its output, standard error included. Throws where it fails.
std::string run_command(const std::vector<std::string>& command);
/// Whether a program is there to be run.
bool has_program(const std::string& name);

}  // namespace samebits::test
