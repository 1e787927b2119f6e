#pragma once

#include <string>
#include <string_view>

#include "support/pipeline_world.hpp"

namespace samebits::test {

/// How a run of the program ended.
struct CliRun {
  /// Exit status; 137 where it was killed.
  int status = 0;
  /// Standard output and standard error.
  std::string said;

  bool was_killed() const noexcept { return status == 137; }
  /// The code of the error document; empty where there is none.
  std::string code() const;
};

/// A fault of the machine at one of the calls that change something in the world's folder.
struct Fault {
  /// `kill`, `full`, `read-only` or `note`; see faults.c.
  std::string kind;
  int at = 1;
};

/// Runs `samebits ARGUMENTS --output json` on the world in a process of its own.
CliRun run_cli(const PipelineWorld& world, std::string_view arguments, const Fault* fault = nullptr);

}  // namespace samebits::test
