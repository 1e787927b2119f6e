#include "output.hpp"

namespace samebits::cli {

void add_release(CLI::App& app, const Session& session, Run& run) {
  auto* command = app.add_subcommand("release", "release a snapshot as a version: gates, tags, one commit");
  auto request = std::make_shared<ReleaseRequest>();
  command->add_option("version", request->version, "MAJOR.MINOR.PATCH")->required();
  command->add_option("--sha", request->sha, "full commit id, or main (default: what release.from runs)");
  command->add_flag("--adopt", request->adopt, "also over a value that is no release tag");
  command->add_flag("--wait", request->wait, "then wait until the reconciler runs it (see samebits wait)");
  command->callback([&session, &run, request] {
    run = [&session, request] {
      auto service = session.service();
      if (!service) return fail(session, service.error());
      request->service = *service;
      return act_or_plan(session, *request, &Promoter::release);
    };
  });
}

}  // namespace samebits::cli
