#include "output.hpp"

namespace samebits::cli {

void add_init(CLI::App& app, const Session& session, Run& run) {
  auto* command =
      app.add_subcommand("init", "write samebits.yaml, values and the preview template; overwrites nothing");
  auto request = std::make_shared<InitRequest>();
  auto folder = std::make_shared<std::string>(".");
  command->add_option("dir", *folder, "folder of the GitOps repository")->capture_default_str();
  command->add_option("--image", request->image, "HOST/REPOSITORY, or oci:FOLDER for an OCI image layout")->required();
  command->add_option("--source", request->source, "URL or folder of the source repository")->required();
  command->callback([&session, &run, request, folder] {
    run = [&session, request, folder] {
      auto service = session.service();
      if (!service) return fail(session, service.error());
      request->service = *service;
      if (session.dry_run()) return show(session, plan_init_folder(*folder, *request));
      return show(session, init_folder(*folder, *request));
    };
  });
}

}  // namespace samebits::cli
