#include "support/cli.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>

#include <fmt/format.h>

#include "json/json.hpp"

namespace samebits::test {

std::string CliRun::code() const {
  const auto json = parse_json(said, "what the program said");
  if (!json) return {};
  const Json* code = json->at_pointer("/error/code");
  return code == nullptr || code->string() == nullptr ? std::string() : *code->string();
}

CliRun run_cli(const PipelineWorld& world, std::string_view arguments, const Fault* fault) {
  std::string command = "exec env ";
  if (fault != nullptr) {
    // LD_PRELOAD is split at blanks, which the path of the build may have.
    const auto faults = world.root() / "faults.so";
    std::error_code there_already;
    std::filesystem::create_symlink(SAMEBITS_FAULTS, faults, there_already);
    command += fmt::format(
        "LD_PRELOAD='{}' ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0 SAMEBITS_FAULT={} SAMEBITS_FAULT_AT={} "
        "SAMEBITS_FAULT_UNDER='{}/' ",
        faults.string(), fault->kind, fault->at, world.root().string());
  }
  command += fmt::format("'{}' {} --gitops '{}' --author 'Ada <ada@example.com>' --output json 2>&1", SAMEBITS_CLI,
                         arguments, world.gitops().location());
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell for: " + command);
  CliRun run;
  std::array<char, 4096> part{};
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), pipe)) > 0;)
    run.said.append(part.data(), size);
  const int status = ::pclose(pipe);
  run.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return run;
}

}  // namespace samebits::test
