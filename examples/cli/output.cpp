#include "output.hpp"

#include <sstream>

#include <fmt/format.h>

#include "table.hpp"
#include "terminal.hpp"

namespace samebits::cli {

int fail(bool json, const Error& error) {
  if (json) {
    Error shown = error;
    for (std::string* text : {&shown.message, &shown.hint, &shown.where.file, &shown.remote}) *text = clean(*text);
    std::cout << to_json(shown) << '\n';
    return static_cast<int>(error.kind());
  }
  constexpr std::string_view prefix = "error:";
  std::ostringstream text;
  text << error << '\n';
  std::cerr << paint_error(Colour::red, prefix) << clean(std::string_view(text.view()).substr(prefix.size()));
  return static_cast<int>(error.kind());
}

int fail(const Session& session, const Error& error) {
  if (session.github()) report_to_github(error);
  return fail(session.json(), error);
}

void warn(const Session& session, const std::vector<std::string>& warnings) {
  if (session.github()) report_to_github(warnings);
  if (session.json() || session.quiet()) return;
  for (const std::string& warning : warnings)
    std::cerr << paint_error(Colour::yellow, "warning:") << clean(fmt::format(" {}\n", warning));
}

void print(std::string_view text) {
  const auto end = text.find('\n');
  const std::string_view title = text.substr(0, end);
  if (title.ends_with(": done") || title.ends_with(": unchanged"))
    std::cout << paint_output(Colour::green, clean(title)) << clean(text.substr(title.size()));
  else
    std::cout << clean(text);
}

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

std::string line(std::string_view word, std::string_view text) { return fmt::format("  {:<9} {}\n", word, text); }

std::string change_lines(const std::vector<Change>& changes) {
  std::string out;
  for (const Change& change : changes)
    out += line(change.environment,
                fmt::format("{} {}: {} -> {}", change.service, change.path, value(change.before), value(change.after)));
  return out;
}

/// `service-demo v1.0.0 sha256:28b3c58b88e3 (built as main-e6d7a43)`
std::string image_lines(const std::vector<PromotedImage>& images) {
  std::string out;
  for (const PromotedImage& image : images) {
    std::string text = fmt::format("{} {} {}", image.service, image.tag.empty() ? "-" : brief_tag(image.tag),
                                   brief_digest(image.digest));
    if (image.service.empty()) text.erase(0, 1);
    if (!image.snapshot.empty() && image.snapshot != image.tag)
      text += fmt::format(" (built as {})", brief_tag(image.snapshot));
    out += line("image", text);
  }
  return out;
}

/// `git-tag done, image-tag already there, forge-release skipped (the source has no forge)`, or a line each where they
/// are many.
std::string step_lines(const std::vector<StepResult>& steps) {
  constexpr std::size_t most_on_a_line = 4;
  std::vector<std::string> texts;
  for (const StepResult& step : steps) {
    const bool already = step.outcome == StepOutcome::already;
    texts.push_back(fmt::format("{} {}", step.name, already ? "already there" : to_string(step.outcome)));
    if (!step.note.empty()) texts.back() += fmt::format(" ({})", step.note);
  }
  std::string out;
  if (texts.size() <= most_on_a_line)
    return texts.empty() ? out : line("steps", fmt::format("{}", fmt::join(texts, ", ")));
  for (const std::string& text : texts) out += line("", text).substr(10);
  return out;
}

}  // namespace

std::string to_text(const Receipt& receipt) {
  std::string out = fmt::format("{}: {}\n", receipt.operation, receipt.changed ? "done" : "unchanged");
  out += image_lines(receipt.images) + change_lines(receipt.changes) + to_text(receipt.gates);
  out += step_lines(receipt.steps);
  if (receipt.gitops && receipt.gitops->commit)
    out += line("commit", fmt::format("{} on {}", receipt.gitops->commit->brief(), receipt.gitops->branch));
  return out;
}

std::string to_text(const Plan& plan) {
  std::string out = fmt::format("{}: plan, nothing was written\n", plan.operation);
  out += image_lines(plan.images) + change_lines(plan.changes) + to_text(plan.gates);
  for (const PlannedStep& step : plan.steps)
    out += line("step", fmt::format("{}: {} ({})", step.name, step.action, step.reason));
  return plan.diff.empty() ? out : out + "\n" + plan.diff;
}

std::string to_text(const std::vector<EnvironmentState>& states) {
  Table table({"ENVIRONMENT", "SERVICE", "TAG", "DIGEST", "SOURCE", "SINCE"});
  for (const EnvironmentState& state : states)
    table.add({state.name, state.service, state.tag.empty() ? "-" : brief_tag(state.tag), brief_digest(state.digest),
               brief(state.commit),
               state.since         ? format_time(*state.since)
               : state.tag.empty() ? "-"
                                   : "(unrecorded)"});
  return table.text();
}

std::string to_text(const std::vector<GateVerdict>& gates) {
  std::string out;
  for (const GateVerdict& gate : gates) {
    std::string text = fmt::format("{}: {}", gate.name, to_string(gate.verdict));
    if (!gate.message.empty()) text += ", " + gate.message;
    for (const EvidenceItem& item : gate.evidence)
      if (!item.producer.empty())
        text += fmt::format(" ({} by {}{})", item.conclusion, item.producer, item.verified ? "" : ", unverified");
    out += line("gate", text);
  }
  return out;
}

}  // namespace samebits::cli
