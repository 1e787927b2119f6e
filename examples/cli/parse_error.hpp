#pragma once

#include <optional>

#include <CLI/CLI.hpp>

#include <samebits/error.hpp>

namespace samebits::cli {

/// What is wrong with the arguments: which command, which argument, and what to write. Codes: bad_option.
Error explain(const CLI::App& app, const CLI::ParseError& error);

/// What the parser let pass: an option that may be left out and was given as an empty text, most often by a variable of
/// a shell that is not set; a number that is none. Nothing if all is well. Codes: bad_option.
std::optional<Error> find_bad_value(const CLI::App& app);

}  // namespace samebits::cli
