#include <samebits/pipeline.hpp>

#include "config/sections.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

void read_all(const yaml::Node& root, config::Draft& draft) {
  draft.places[""] = root.where;
  config::Section file(root, "", draft.findings);
  const yaml::Node* version = file.take("apiVersion");
  if (version == nullptr || version->text != "samebits/v1")
    draft.findings.add(version == nullptr ? root.where : version->where,
                       version == nullptr ? "apiVersion is missing"
                                          : fmt::format("apiVersion '{}' is not known", printable(version->text)),
                       "write apiVersion: samebits/v1");
  config::read_services(file.take("services"), draft);
  config::read_tags(file.take("tags"), draft);
  config::read_environments(file.take("environments"), draft);
  config::read_writes(file.take("writes"), draft);
  config::read_gates(file.take("gates"), draft);
  config::read_release(file.take("release"), draft);
  config::read_reconciler(file.take("reconciler"), draft);
  draft.pipeline.insecure = file.texts("insecure").value_or(std::vector<std::string>());
  file.reserve("holds", "rollbacks that stay");
  file.reserve("clusters", "clusters");
  file.finish();
}

}  // namespace

Result<Pipeline> load_pipeline(std::string_view yaml, std::string_view file, std::vector<Error>* findings) {
  auto root = yaml::read(yaml, file);
  if (!root) {
    Error error = std::move(root).error();
    error.code = ErrorCode::bad_config;
    if (findings != nullptr) findings->push_back(error);
    return error;
  }
  config::Draft draft;
  read_all(*root, draft);
  // What the sections say together is worth checking only once each of them could be read.
  if (draft.findings.empty()) config::check_pipeline(draft);
  for (Service& service : draft.pipeline.services) service.insecure = draft.pipeline.insecure;
  if (draft.findings.empty()) return std::move(draft.pipeline);
  std::vector<Error> all = draft.findings.all();
  for (Error& finding : all)
    if (finding.where.file.empty()) finding.where.file = file;
  Error first = all.front();
  if (findings != nullptr) *findings = all;
  if (const auto others = all.size() - 1; others > 0)
    first.message += fmt::format(" (and {} more: samebits check lists them)", others);
  return first;
}

}  // namespace samebits
