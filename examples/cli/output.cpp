#include "output.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

namespace samebits::cli {

int fail(bool json, const Error& error) {
  if (json) {
    std::cout << to_json(error) << '\n';
  } else {
    std::cerr << error << '\n';
  }
  return static_cast<int>(error.kind());
}

int fail(const Session& session, const Error& error) { return fail(session.json(), error); }

std::string brief_tag(std::string_view tag) {
  const auto dash = tag.rfind('-');
  if (dash == std::string_view::npos || !is_object_id(tag.substr(dash + 1))) return std::string(tag);
  return std::string(tag.substr(0, dash + 8));
}

std::string brief_digest(const std::optional<Digest>& digest) {
  return digest ? std::string(digest->str().substr(0, 19)) : "-";
}

namespace {

std::string brief(const std::optional<CommitId>& commit) { return commit ? std::string(commit->brief()) : "-"; }

std::string value(const std::optional<std::string>& text) {
  if (!text) return "(none)";
  return text->starts_with("sha256:") ? text->substr(0, 19) : brief_tag(*text);
}

std::string change_lines(const std::vector<Change>& changes) {
  std::string out;
  for (const Change& change : changes)
    out += fmt::format("  {:<10} {}: {} -> {}\n", change.environment, change.path, value(change.before),
                       value(change.after));
  return out;
}

std::string warning_lines(const std::vector<std::string>& warnings) {
  std::string out;
  for (const std::string& warning : warnings) out += fmt::format("  warning: {}\n", warning);
  return out;
}

std::string image_lines(const std::vector<PromotedImage>& images) {
  std::string out;
  for (const PromotedImage& image : images)
    out += fmt::format("  image      {} {}\n", brief_tag(image.tag), image.digest.str());
  return out;
}

}  // namespace

std::string to_text(const Receipt& receipt) {
  std::string out = fmt::format("{}: {}\n", receipt.operation, receipt.changed ? "done" : "unchanged");
  out += image_lines(receipt.images) + change_lines(receipt.changes) + to_text(receipt.gates);
  for (const StepResult& step : receipt.steps)
    out += fmt::format("  step       {}: {}{}\n", step.name, to_string(step.outcome),
                       step.note.empty() ? "" : " (" + step.note + ")");
  if (receipt.gitops && receipt.gitops->commit)
    out += fmt::format("  commit     {} on {}\n", receipt.gitops->commit->brief(), receipt.gitops->branch);
  return out + warning_lines(receipt.warnings);
}

std::string to_text(const Plan& plan) {
  std::string out = fmt::format("{}: plan, nothing was written\n", plan.operation);
  out += image_lines(plan.images) + change_lines(plan.changes) + to_text(plan.gates);
  for (const PlannedStep& step : plan.steps)
    out += fmt::format("  step       {}: {} ({})\n", step.name, step.action, step.reason);
  out += warning_lines(plan.warnings);
  return plan.diff.empty() ? out : out + "\n" + plan.diff;
}

std::string to_text(const std::vector<EnvironmentState>& states) {
  std::string out =
      fmt::format("{:<10} {:<14} {:<18} {:<20} {:<8} {}\n", "ENV", "SERVICE", "TAG", "DIGEST", "SOURCE", "SINCE");
  for (const EnvironmentState& state : states)
    out += fmt::format("{:<10} {:<14} {:<18} {:<20} {:<8} {}\n", state.name, state.service,
                       state.tag.empty() ? "-" : brief_tag(state.tag), brief_digest(state.digest), brief(state.commit),
                       state.since         ? format_time(*state.since)
                       : state.tag.empty() ? "-"
                                           : "(unrecorded)");
  return out;
}

std::string to_text(const std::vector<GateVerdict>& gates) {
  std::string out;
  for (const GateVerdict& gate : gates) {
    out += fmt::format("  gate       {}: {}", gate.name, to_string(gate.verdict));
    if (!gate.message.empty()) out += " (" + gate.message + ")";
    for (const EvidenceItem& item : gate.evidence)
      if (!item.producer.empty())
        out += fmt::format(", {} by {}{}", item.conclusion, item.producer, item.verified ? "" : " (unverified)");
    out += '\n';
  }
  return out;
}

Result<std::string> read_input(const std::string& file) {
  if (file == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream stream(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (stream.is_open() && !stream.bad()) return bytes;
  return Error{.code = ErrorCode::file_missing,
               .message = "the file cannot be read",
               .hint = "check the path",
               .where = {.file = file}};
}

}  // namespace samebits::cli
