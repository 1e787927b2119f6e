#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <samebits/samebits.hpp>

namespace samebits::cli {

/// `::error title=...::message`, escaped. Source: GitHub Actions, "Workflow commands".
std::string workflow_command(std::string_view command, std::string_view title, std::string_view message);
/// `name<<ghadelimiter_<random>`, the value and the delimiter, a line each.
std::string output_block(std::string_view name, std::string_view value);
/// Safe inside a table of GitHub's Markdown.
std::string markdown_cell(std::string_view text);

// With --github: the job's summary to GITHUB_STEP_SUMMARY, outputs to GITHUB_OUTPUT, annotations to standard error.
void report_to_github(const Receipt& receipt);
void report_to_github(const Error& error);
void report_to_github(const std::vector<std::string>& warnings);

}  // namespace samebits::cli
