#include <algorithm>
#include <tuple>

#include <samebits/pipeline.hpp>

#include "config/sections.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

constexpr int place_depth = 4;

/// The places of all members: of a value its own, of a section its key's.
void note_places(const yaml::Node& node, const std::string& path, int depth, config::Draft& draft) {
  draft.places.emplace(path, node.where);
  if (depth == 0) return;
  for (const auto& [key, value] : node.entries) {
    const std::string member = path.empty() ? key.text : path + "." + key.text;
    if (value.kind == yaml::Node::Kind::mapping) draft.places.emplace(member, key.where);
    note_places(value, member, depth - 1, draft);
  }
}

void read_all(const yaml::Node& root, config::Draft& draft) {
  note_places(root, "", place_depth, draft);
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
  config::check_pipeline(draft);
  config::check_paths(draft);
  config::check_writes(draft);
  if (draft.findings.empty()) config::check_schema(*root, draft);
  for (Service& service : draft.pipeline.services) service.insecure = draft.pipeline.insecure;
  if (draft.findings.empty()) return std::move(draft.pipeline);
  std::vector<Error> all = draft.findings.all();
  std::stable_sort(all.begin(), all.end(), [](const Error& a, const Error& b) {
    return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
  });
  Error first = all.front();
  if (findings != nullptr) *findings = all;
  if (const auto others = all.size() - 1; others > 0)
    first.message += fmt::format(" (and {} more: samebits check lists them)", others);
  return first;
}

}  // namespace samebits
