#include "output.hpp"

namespace samebits::cli {

std::string to_text(const Environments& environments) {
  return environments.environments.empty() ? "no previews\n" : to_text(environments.environments);
}

namespace {

void add_up(CLI::App& preview, const Session& session, Run& run) {
  auto* command = preview.add_subcommand("up", "make or move the preview of a pull request");
  auto request = std::make_shared<PreviewUpRequest>();
  command->add_option("--pr", request->pr, "number of the pull request")->required();
  command->add_option("--sha", request->sha, "full commit id of its head")->required();
  command->add_flag("--adopt", request->adopt, "also over a value that is no tag of the pull request");
  command->callback([&session, &run, request] {
    run = [&session, request] {
      auto service = session.service();
      if (!service) return fail(session, service.error());
      request->service = *service;
      return act_or_plan(session, *request, &Promoter::preview_up);
    };
  });
}

void add_down(CLI::App& preview, const Session& session, Run& run) {
  auto* command = preview.add_subcommand("down", "remove the preview of a pull request; none there is fine");
  auto request = std::make_shared<PreviewDownRequest>();
  command->add_option("--pr", request->pr, "number of the pull request")->required();
  command->callback([&session, &run, request] {
    run = [&session, request] {
      auto service = session.service();
      if (!service) return fail(session, service.error());
      request->service = *service;
      return act_or_plan(session, *request, &Promoter::preview_down);
    };
  });
}

void add_prune(CLI::App& preview, const Session& session, Run& run) {
  auto* command = preview.add_subcommand("prune", "remove the previews whose pull request is closed");
  command->callback([&session, &run] {
    run = [&session] {
      auto service = session.service();
      if (!service) return fail(session, service.error());
      return act_or_plan(session, PreviewPruneRequest{.service = *service}, &Promoter::preview_prune);
    };
  });
}

void add_list(CLI::App& preview, const Session& session, Run& run) {
  auto* command = preview.add_subcommand("list", "list the previews that run");
  auto request = std::make_shared<PreviewListRequest>();
  command->callback([&session, &run, request] {
    run = [&session, request] { return ask(session, *request, &Promoter::preview_list); };
  });
}

}  // namespace

void add_preview(CLI::App& app, const Session& session, Run& run) {
  auto* preview = app.add_subcommand("preview", "environments of pull requests: up, down, prune, list");
  preview->require_subcommand(1);
  preview->fallthrough();
  add_up(*preview, session, run);
  add_down(*preview, session, run);
  add_prune(*preview, session, run);
  add_list(*preview, session, run);
}

}  // namespace samebits::cli
