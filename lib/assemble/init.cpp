#include <filesystem>

#include <samebits/init.hpp>
#include <samebits/pipeline.hpp>

#include "core/diff.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "json/json.hpp"
#include "system/files.hpp"

namespace samebits {
namespace {

std::string values_text(std::string_view environment, const ImageRepo& image, bool preview) {
  std::string text = fmt::format(
      "# What {} runs. samebits changes image.tag; the rest is yours.\n"
      "image:\n"
      "  repository: {}\n"
      "  tag: \"\"\n",
      environment, write_json(Json(image.str())));
  text += preview ? "env:\n  ENV_NAME: \"\"\n" : fmt::format("env:\n  ENV_NAME: {}\n", environment);
  return text;
}

std::string config_text(const InitRequest& request) {
  return fmt::format(
      "# The delivery pipeline. What is not written here has its default.\n"
      "apiVersion: samebits/v1\n"
      "services:\n"
      "  {}:\n"
      "    image: {}\n"
      "    source: {}\n",
      request.service, write_json(Json(request.image)), write_json(Json(request.source)));
}

Result<void> require_text(std::string_view text, std::string_view option) {
  if (!text.empty() && is_printable(text)) return {};
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("{} is missing or no single line of text", option),
               .hint = fmt::format("give {}", option)};
}

/// A definition that is there must know the service; it is the owner's to change.
Result<void> require_service(const std::filesystem::path& path, const InitRequest& request) {
  SB_TRY(const auto bytes, read_file(path));
  if (!bytes) return {};
  SB_TRY(const auto pipeline, load_pipeline(*bytes, path.string()));
  if (pipeline.find_service(request.service) != nullptr) return {};
  return Error{.code = ErrorCode::bad_config,
               .message = fmt::format("samebits.yaml is there and has no service '{}'", request.service),
               .hint = "add it under services: by hand; what people wrote is never overwritten",
               .where = {.file = path.string()}};
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> initial_files(const InitRequest& request) {
  if (!is_dns_label(request.service))
    return Error{.code = ErrorCode::bad_request,
                 .message = fmt::format("'{}' is no name of a service", printable(request.service)),
                 .hint = "letters a-z, digits and '-': my-service"};
  SB_TRY(const auto image, ImageRepo::parse(request.image));
  SB_CHECK(require_text(request.source, "--source"));
  const std::string file = request.service + ".yaml";
  return std::vector<std::pair<std::string, std::string>>{
      {"samebits.yaml", config_text(request)},
      {fmt::format("values/pr/{}/template.yaml", request.service), values_text("a preview", image, true)},
      {"values/preprod/" + file, values_text("preprod", image, false)},
      {"values/prod/" + file, values_text("prod", image, false)},
      {"values/dev/" + file, values_text("dev", image, false)}};
}

Result<Receipt> init_folder(const std::string& folder, const InitRequest& request) {
  SB_TRY(const auto files, initial_files(request));
  const std::filesystem::path base(folder);
  SB_CHECK(require_service(base / "samebits.yaml", request));
  Receipt receipt{.operation = "init"};
  for (const auto& [path, bytes] : files) {
    SB_TRY(const bool made, create_file(base / path, bytes));
    receipt.changed = receipt.changed || made;
    receipt.steps.push_back({.name = path, .outcome = made ? StepOutcome::done : StepOutcome::already});
  }
  return receipt;
}

Result<Plan> plan_init_folder(const std::string& folder, const InitRequest& request) {
  SB_TRY(const auto files, initial_files(request));
  const std::filesystem::path base(folder);
  SB_CHECK(require_service(base / "samebits.yaml", request));
  Json asked;
  asked.add("dir", folder);
  asked.add("service", request.service);
  asked.add("image", request.image);
  asked.add("source", request.source);
  // Member by member: gcc 12 destroys an aggregate's members twice where a later one cannot be made.
  Plan plan;
  plan.operation = "init";
  plan.request = write_json(asked);
  for (const auto& [path, bytes] : files) {
    std::error_code failure;
    const bool is_there = std::filesystem::exists(base / path, failure);
    if (!is_there) plan.diff += unified_diff(path, "", bytes, false);
    plan.steps.push_back({.name = path,
                          .action = is_there ? "keep what is there" : "write the file",
                          .reason = is_there ? "already there" : "absent"});
  }
  return plan;
}

}  // namespace samebits
