#include "output.hpp"

namespace samebits::cli {

std::string to_text(const GateReport& report) { return to_text(report.gates); }

namespace {

void add_show(CLI::App& gate, const Session& session, Run& run) {
  auto* command = gate.add_subcommand("show", "judge the gates of a commit; exits as a release would");
  auto request = std::make_shared<GateShowRequest>();
  command->add_option("--sha", request->sha, "full commit id")->required();
  command->add_option("--gate", request->gate, "one gate (default: those of a release)");
  command->add_flag("--exit-zero", request->exit_zero, "exit with 0 whatever the verdicts are");
  command->callback([&session, &run, request] {
    run = [&session, request] { return ask(session, *request, &Promoter::gate_show); };
  });
}

void add_post(CLI::App& gate, const Session& session, Run& run) {
  auto* command = gate.add_subcommand("post", "record evidence for a gate");
  auto request = std::make_shared<GatePostRequest>();
  command->add_option("--gate", request->gate, "name of the gate")->required();
  command->add_option("--sha", request->sha, "full commit id")->required();
  command->add_option("--conclusion", request->conclusion, "success, failure, cancelled, ...")->required();
  command->add_option("--digest", request->digest, "the judged image (default: what the environment runs)");
  command->add_option("--url", request->url, "where the run can be seen");
  command->add_option("--summary", request->summary, "one line for people");
  command->callback([&session, &run, request] {
    run = [&session, request] {
      auto service = session.service();
      if (!service) return fail(session, service.error());
      request->service = *service;
      return act_or_plan(session, *request, &Promoter::gate_post);
    };
  });
}

}  // namespace

void add_gate(CLI::App& app, const Session& session, Run& run) {
  auto* gate = app.add_subcommand("gate", "requirements of a release: show, post");
  gate->require_subcommand(1);
  gate->fallthrough();
  add_show(*gate, session, run);
  add_post(*gate, session, run);
}

}  // namespace samebits::cli
