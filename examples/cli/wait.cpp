#include <unistd.h>

#include <fmt/format.h>

#include "output.hpp"
#include "table.hpp"
#include "terminal.hpp"

namespace samebits::cli {
namespace {

std::string event_line(const ApplicationRollout& rollout, std::chrono::seconds waited) {
  return fmt::format("{}/{}: {} ({} s): {}", rollout.environment, rollout.service, to_string(rollout.state),
                     waited.count(), rollout.message);
}

/// Back to the beginning of the line, and nothing on it.
constexpr std::string_view clear_line = "\r\x1b[K";
constexpr std::size_t most_columns = 110;

/// A line of progress stands on the terminal and was not ended.
bool line_is_open = false;

}  // namespace

std::string to_text(const Rollout& rollout) {
  Table table({"ENVIRONMENT", "SERVICE", "APPLICATION", "STATE", "IMAGE", "HEALTH"});
  for (const ApplicationRollout& part : rollout.applications)
    table.add({part.environment, part.service, part.application, std::string(to_string(part.state)),
               part.images.empty() ? "-" : part.images.front(), std::string(to_string(part.health))});
  return table.text();
}

RolloutProgress progress_of(const Session& session) {
  if (session.json())
    return [](const ApplicationRollout& rollout, std::chrono::seconds waited) {
      std::cerr << to_json(rollout, waited) + "\n";
    };
  // One line that changes; where nobody looks, only the end is said.
  if (session.quiet() || ::isatty(STDERR_FILENO) == 0) return {};
  return [](const ApplicationRollout& rollout, std::chrono::seconds waited) {
    const std::string line = clean(event_line(rollout, waited));
    std::cerr << std::string(clear_line) + line.substr(0, most_columns) << std::flush;
    line_is_open = true;
  };
}

void end_progress() {
  if (line_is_open) std::cerr << "\n";
  line_is_open = false;
}

void add_wait(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("wait", "wait until the reconciler runs what an environment was promoted to");
  auto request = std::make_shared<WaitRequest>();
  auto hold = std::make_shared<std::string>("5s");
  command->add_option("environment", request->environment, "environment, lockstep group or preview")->required();
  command->add_option("--for", *hold, "how long it must stay healthy")->type_name("DURATION")->capture_default_str();
  command->add_flag("--sync", request->sync, "ask for the sync where a person would have to");
  command->callback([&session, &run, request, hold] {
    run = [&session, request, hold] {
      request->services = session.services();
      const auto duration = parse_hold(*hold);
      if (!duration) return fail(session, duration.error());
      request->hold = *duration;
      auto client = session.client();
      if (!client) return fail(session, client.error());
      client->promoter().tell(progress_of(session));
      const auto rollout = client->promoter().wait(*request);
      end_progress();
      if (!rollout) return fail(session, rollout.error());
      if (!rollout->error) return show(session, rollout);
      if (session.json()) std::cout << to_json(*rollout) << '\n';
      return session.json() ? static_cast<int>(outcome_of(*rollout)) : fail(session, *rollout->error);
    };
  });
}

}  // namespace samebits::cli
