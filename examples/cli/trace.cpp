#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {
namespace {

std::string to_text(const Trace& trace) {
  std::string out;
  for (const Trace::Image& image : trace.images) {
    out += fmt::format("{} {}\n", image.service, image.digest.str());
    for (const std::string& tag : image.tags) out += fmt::format("  tag        {}\n", brief_tag(tag));
    if (image.commit) out += fmt::format("  commit     {}\n", image.commit->str());
  }
  out += cli::to_text(trace.gates);
  for (const Trace::Deployment& deployment : trace.environments)
    out += fmt::format("  {:<10} {} since {}{}\n", deployment.name, brief_tag(deployment.tag),
                       format_time(deployment.since), deployment.current ? ", now" : "");
  return out;
}

}  // namespace

void add_trace(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("trace", "where the bits of a tag, commit, digest or version are and were");
  auto request = std::make_shared<TraceRequest>();
  command->add_option("ref", request->ref, "tag, full commit id, digest or version")->required();
  command->callback([&session, &run, request] {
    run = [&session, request] {
      auto service = session.service();
      if (!service) return fail(session, service.error());
      request->service = *service;
      auto client = session.client();
      if (!client) return fail(session, client.error());
      const auto trace = client->promoter().trace(*request);
      if (!trace) return fail(session, trace.error());
      std::cout << (session.json() ? to_json(*trace) + "\n" : to_text(*trace));
      return 0;
    };
  });
}

}  // namespace samebits::cli
