#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {
namespace {

std::string to_text(const History& history) {
  std::string out =
      fmt::format("{:<21} {:<14} {:<18} {:<20} {:<12} {}\n", "TIME", "SERVICE", "TAG", "DIGEST", "BY", "AUTHOR");
  for (const HistoryEntry& entry : history.entries)
    out += fmt::format("{:<21} {:<14} {:<18} {:<20} {:<12} {}\n", entry.time ? format_time(*entry.time) : "-",
                       entry.service, brief_tag(entry.tag), brief_digest(entry.digest),
                       entry.recorded ? entry.operation : "(unrecorded)", entry.author);
  return out;
}

}  // namespace

void add_history(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("history", "what an environment ran, newest first");
  auto request = std::make_shared<HistoryRequest>();
  command->add_option("environment", request->environment, "such as prod, or pr-42")->required();
  command->add_option("--limit", request->limit, "most entries")->capture_default_str();
  command->callback([&session, &run, request] {
    run = [&session, request] {
      auto service = session.service();
      if (!service) return fail(session, service.error());
      request->service = *service;
      auto client = session.client();
      if (!client) return fail(session, client.error());
      const auto history = client->promoter().history(*request);
      if (!history) return fail(session, history.error());
      std::cout << (session.json() ? to_json(*history) + "\n" : to_text(*history));
      return 0;
    };
  });
}

}  // namespace samebits::cli
