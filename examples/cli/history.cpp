#include "output.hpp"
#include "table.hpp"

namespace samebits::cli {

std::string to_text(const History& history) {
  if (history.entries.empty()) return history.environment + " ran nothing yet\n";
  Table table({"TIME", "SERVICE", "TAG", "DIGEST", "BY", "AUTHOR"});
  for (const HistoryEntry& entry : history.entries)
    table.add({entry.time ? format_time(*entry.time) : "-", entry.service, brief_tag(entry.tag),
               brief_digest(entry.digest), entry.recorded ? entry.operation : "(unrecorded)", entry.author});
  return table.text();
}

void add_history(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("history", "what an environment ran, newest first");
  auto request = std::make_shared<HistoryRequest>();
  command->add_option("environment", request->environment, "such as prod, or pr-42")->required();
  command->add_option("--limit", request->limit, "most entries")->capture_default_str();
  command->callback(
      [&session, &run, request] { run = [&session, request] { return ask(session, *request, &Promoter::history); }; });
}

}  // namespace samebits::cli
