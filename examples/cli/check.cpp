#include <sstream>

#include "output.hpp"

namespace samebits::cli {

namespace {

std::string text_by(std::string_view command, const Report& report) {
  std::ostringstream out;
  for (const Error& finding : report.findings) out << finding << '\n';
  if (report.findings.empty()) out << command << ": no findings\n";
  for (const std::string& unknown : report.unknown) out << "not known: " << unknown << '\n';
  return out.str();
}

}  // namespace

std::string to_text(const Report& report) { return text_by("check", report); }

void add_check(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("check", "find what is wrong with the pipeline before it matters");
  auto request = std::make_shared<CheckRequest>();
  command->add_flag("--all", request->all, "also read the registry and the sources");
  command->callback(
      [&session, &run, request] { run = [&session, request] { return ask(session, *request, &Promoter::check); }; });
}

void add_doctor(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("doctor", "reach all that the pipeline names; say what is missing or unprotected");
  command->callback([&session, &run] {
    run = [&session] {
      auto client = session.client();
      if (!client) return fail(session, client.error());
      const auto service = session.service();
      if (!service) return fail(session, service.error());
      const auto report = client->promoter().doctor({.service = *service});
      if (!report) return fail(session, report.error());
      if (session.json())
        (void)answer(session, report);
      else
        print(text_by("doctor", *report));
      return static_cast<int>(outcome_of(*report));
    };
  });
}

}  // namespace samebits::cli
