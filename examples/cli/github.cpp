#include "github.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>

#include <fmt/format.h>

#include "terminal.hpp"

namespace samebits::cli {
namespace {

/// Source: GitHub Actions, "Adding a job summary".
constexpr std::size_t max_summary = std::size_t{1} << 20;

std::string escaped(std::string_view text, bool is_property) {
  std::string safe;
  for (const char c : text) {
    const bool in_properties = is_property && (c == ':' || c == ',');
    if (c == '%' || c == '\r' || c == '\n' || in_properties)
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      safe += c;
  }
  return safe;
}

void append(const char* variable, const std::string& text) {
  const char* const file = std::getenv(variable);
  if (file == nullptr || *file == '\0') return;
  std::ofstream out(file, std::ios::app | std::ios::binary);
  out << text;
  out.flush();
  if (!out) std::cerr << clean(fmt::format("warning: {} ({}) cannot be written\n", variable, file));
}

std::string row(std::string_view word, std::string_view text) {
  return fmt::format("| {} | {} |\n", markdown_cell(word), markdown_cell(text));
}

std::string summary_of(const Receipt& receipt) {
  std::string text = fmt::format("### samebits {}: {}\n\n| | |\n|---|---|\n", markdown_cell(receipt.operation),
                                 receipt.changed ? "done" : "unchanged");
  for (const PromotedImage& image : receipt.images) {
    text += row("image", fmt::format("{} {}:{}", image.service, image.repository, image.tag));
    text += row("digest", image.digest.str());
    if (image.commit) text += row("source", image.commit->str());
  }
  for (const Change& change : receipt.changes)
    text += row(change.environment, fmt::format("{} {}: {} -> {}", change.service, change.path,
                                                change.before.value_or("(none)"), change.after.value_or("(none)")));
  for (const GateVerdict& gate : receipt.gates) {
    std::string said = fmt::format("{} {}", gate.name, to_string(gate.verdict));
    for (const EvidenceItem& item : gate.evidence) said += fmt::format(" {}", item.id);
    text += row("gate", said);
  }
  for (const StepResult& step : receipt.steps)
    text += row("step", fmt::format("{}: {} {}", step.name, to_string(step.outcome), step.note));
  if (receipt.gitops && receipt.gitops->commit) text += row("commit", receipt.gitops->commit->str());
  for (const std::string& warning : receipt.warnings) text += row("warning", warning);
  if (text.size() > max_summary) text.resize(max_summary);
  return text + "\n";
}

}  // namespace

std::string workflow_command(std::string_view command, std::string_view title, std::string_view message) {
  const std::string properties = title.empty() ? "" : fmt::format(" title={}", escaped(title, true));
  return fmt::format("::{}{}::{}", command, properties, escaped(message, false));
}

std::string output_block(std::string_view name, std::string_view value) {
  std::random_device random;
  std::string delimiter;
  do {
    delimiter = "ghadelimiter_";
    for (int i = 0; i < 4; ++i) delimiter += fmt::format("{:08x}", random());
  } while (value.find(delimiter) != std::string_view::npos);
  return fmt::format("{}<<{}\n{}\n{}\n", name, delimiter, value, delimiter);
}

std::string markdown_cell(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      safe += ' ';
    } else {
      if (std::string_view("\\`*_[]<>|#~!").find(c) != std::string_view::npos) safe += '\\';
      safe += c;
    }
  }
  return clean(safe);
}

void report_to_github(const Receipt& receipt) {
  append("GITHUB_STEP_SUMMARY", summary_of(receipt));
  std::string outputs = output_block("outcome", receipt.changed ? "done" : "unchanged");
  if (!receipt.images.empty()) {
    outputs += output_block("digest", receipt.images.front().digest.str());
    if (receipt.images.front().commit) outputs += output_block("source", receipt.images.front().commit->str());
  }
  if (receipt.gitops && receipt.gitops->commit) outputs += output_block("commit", receipt.gitops->commit->str());
  append("GITHUB_OUTPUT", outputs);
}

void report_to_github(const Error& error) {
  const std::string hint = error.hint.empty() ? "" : "\n" + error.hint;
  std::cerr << workflow_command("error", fmt::format("samebits: {}", to_string(error.code)),
                                clean(error.message) + clean(hint))
            << '\n';
  append("GITHUB_STEP_SUMMARY", fmt::format("### samebits: {}\n\n{}\n\n{}\n\n", markdown_cell(to_string(error.code)),
                                            markdown_cell(error.message), markdown_cell(error.hint)));
  append("GITHUB_OUTPUT", output_block("outcome", "failed"));
}

void report_to_github(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings)
    std::cerr << workflow_command("warning", "samebits", clean(warning)) << '\n';
}

}  // namespace samebits::cli
