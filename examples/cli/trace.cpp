#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "output.hpp"
#include "table.hpp"

namespace samebits::cli {

std::string to_text(const Trace& trace) {
  std::string out;
  for (const Trace::Image& image : trace.images) {
    if (!out.empty()) out += "\n";
    out += fmt::format("{}\n  digest    {}\n", image.service, image.digest.str());
    if (!image.tags.empty()) out += fmt::format("  tags      {}\n", fmt::join(image.tags, "\n            "));
    if (image.commit) out += fmt::format("  commit    {}\n", image.commit->str());
    std::vector<GateVerdict> gates;
    std::copy_if(trace.gates.begin(), trace.gates.end(), std::back_inserter(gates),
                 [&](const GateVerdict& gate) { return gate.service == image.service; });
    out += to_text(gates);
  }
  if (trace.environments.empty()) return out + "no environment ran it\n";
  Table table({"ENVIRONMENT", "SERVICE", "TAG", "SINCE", "NOW"});
  for (const Trace::Deployment& deployment : trace.environments)
    table.add({deployment.name, deployment.service, brief_tag(deployment.tag), format_time(deployment.since),
               deployment.current ? "runs it" : ""});
  return out + "\n" + table.text();
}

void add_trace(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("trace", "where the bits of a tag, commit, digest or version are and were");
  auto request = std::make_shared<TraceRequest>();
  command->add_option("ref", request->ref, "tag, full commit id, digest or version")->required();
  command->callback(
      [&session, &run, request] { run = [&session, request] { return ask(session, *request, &Promoter::trace); }; });
}

}  // namespace samebits::cli
