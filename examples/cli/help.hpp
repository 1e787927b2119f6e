#pragma once

#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace samebits::cli {

/// The words that name a command: `samebits gate show`.
std::string command_line_of(const CLI::App& command);

/// How an option is given: `--sha SHA`, `--output text|json`, `ENVIRONMENT`.
std::string usage_of(const CLI::Option& option);

/// What `--help` prints.
std::string make_help(const CLI::App* command, const std::string& name, CLI::AppFormatMode mode);

/// Lines of a shell that show how the command is used: of `gate show`, without `samebits`; empty if there are none.
std::string_view examples_of(std::string_view command) noexcept;

}  // namespace samebits::cli
