#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {
namespace {

/// `live: prod/api awaiting_sync, ghcr.io/acme/api:v1.2.2 Healthy, compared with 4f9d3c1a2b3c`
std::string live_lines(const std::vector<EnvironmentState>& states) {
  std::string out;
  for (const EnvironmentState& state : states) {
    if (!state.rollout) continue;
    const ApplicationRollout& rollout = *state.rollout;
    out += fmt::format("live: {}/{} {}, {} {}", state.name, state.service, to_string(rollout.state),
                       rollout.images.empty() ? "no image" : fmt::format("{}", fmt::join(rollout.images, " and ")),
                       to_string(rollout.health));
    if (!rollout.compared.empty()) out += fmt::format(", compared with {}", rollout.compared.substr(0, 12));
    out += "\n";
  }
  return out;
}

}  // namespace

std::string to_text(const Status& status) {
  std::string out = to_text(status.environments);
  for (const UnfinishedRelease& release : status.unfinished)
    out += fmt::format("unfinished: {0} {1} lacks {2}; samebits release {1} --service {0} completes it\n",
                       release.service, release.version, fmt::join(release.missing, ", "));
  out += live_lines(status.environments);
  for (const std::string& line : status.drift) out += "drift: " + line + "\n";
  return out;
}

void add_status(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("status", "what every environment runs");
  auto request = std::make_shared<StatusRequest>();
  command->add_flag("--exit-code", request->exit_code, "exit with 10 on drift or unfinished releases");
  command->callback(
      [&session, &run, request] { run = [&session, request] { return ask(session, *request, &Promoter::status); }; });
}

}  // namespace samebits::cli
