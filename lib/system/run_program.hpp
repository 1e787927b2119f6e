#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/context.hpp>

namespace samebits {

/// A program to run without a shell.
struct Program {
  /// Absolute, or a bare name that is looked for in `path`.
  std::string file;
  std::vector<std::string> arguments = {};
  /// `NAME=VALUE`; all that it gets.
  std::vector<std::string> environment = {};
  /// Folders, separated by ':'.
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  /// Its standard input.
  std::string input = {};
  std::chrono::milliseconds timeout{30000};
  /// Of standard output; standard error is cut there.
  std::size_t max_output = std::size_t{1} << 20;
};

struct ProgramResult {
  /// Exit status; 128 and the signal's number where a signal ended it.
  int status = 0;
  std::string output = {};
  std::string errors = {};
};

/// Runs it to its end; it and its children in the same group are killed when the time or the context ends, or when it
/// writes too much. Inherits no descriptor, no signal mask and no ignored signal.
/// Errors: file_missing if there is no such program; timed_out, cancelled; bad_answer for too much output; internal.
Result<ProgramResult> run_program(Context& context, const Program& program);

}  // namespace samebits
