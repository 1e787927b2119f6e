#pragma once

#include <string>
#include <utility>
#include <vector>

#include <samebits/plan.hpp>

namespace samebits {

/// The first files of a GitOps repository.
struct InitRequest {
  std::string service;
  /// `HOST/REPOSITORY` or `oci:FOLDER`.
  std::string image;
  /// URL or folder of the source repository.
  std::string source;
  bool dry_run = false;
};

/// The first files and where to write them.
struct InitFolderRequest {
  std::string folder;
  InitRequest init = {};
};

/// The files by their path: `samebits.yaml`, values and the preview's template. Nothing is written.
/// Errors: bad_request, if one of the three is no legal name.
Result<std::vector<std::pair<std::string, std::string>>> initial_files(const InitRequest& request);

/// Writes them below `folder`, which is made where it is missing. A file that exists is never touched: its step is
/// `already`. Errors: bad_request; bad_config if a `samebits.yaml` is there that does not have the service; internal
/// with the system's reason.
/// `dry_run` is not looked at.
Result<Receipt> init_folder(const std::string& folder, const InitRequest& request);

/// What `init_folder` would do. Errors: bad_request; bad_config.
Result<Plan> plan_init_folder(const std::string& folder, const InitRequest& request);

}  // namespace samebits
