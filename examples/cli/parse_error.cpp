#include "parse_error.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "help.hpp"

namespace samebits::cli {
namespace {

const auto any_command = [](const CLI::App*) { return true; };

/// The innermost command that was named.
const CLI::App& chosen(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : chosen(*named.back());
}

/// Source: Levenshtein's distance, row by row.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string nearest(std::string_view text, const std::vector<std::string>& candidates) {
  const std::size_t near = std::max<std::size_t>(2, text.size() / 3);
  std::string best;
  std::size_t least = near + 1;
  for (const std::string& candidate : candidates)
    if (const std::size_t steps = distance(text.substr(0, 64), candidate); steps < least) {
      least = steps;
      best = candidate;
    }
  return best;
}

/// The part of a value that an error shows.
std::string brief(std::string_view text) {
  constexpr std::size_t most_bytes = 100;
  return text.size() <= most_bytes ? std::string(text) : std::string(text.substr(0, most_bytes)) + "...";
}

std::string help_hint(const CLI::App& command) { return command_line_of(command) + " --help shows how it is used"; }

Error error_of(std::string message, std::string hint) {
  return {.code = ErrorCode::bad_option, .message = std::move(message), .hint = std::move(hint)};
}

Error unknown_option(const CLI::App& command, std::string text) {
  if (const auto equals = text.find('='); equals != std::string::npos) text.resize(equals);
  std::vector<std::string> known;
  for (const CLI::App* level = &command; level != nullptr; level = level->get_parent())
    for (const CLI::Option* option : level->get_options())
      if (!option->get_positional()) known.push_back("--" + option->get_single_name());
  const std::string meant = nearest(text, known);
  return error_of(fmt::format("{} has no option '{}'", command_line_of(command), brief(text)),
                  meant.empty() ? help_hint(command) : fmt::format("did you mean {}?", meant));
}

Error unknown_command(const CLI::App& group, const std::string& text) {
  std::vector<std::string> known;
  for (const CLI::App* sub : group.get_subcommands(any_command)) known.push_back(sub->get_name());
  const std::string meant = nearest(text, known);
  return error_of(fmt::format("{} has no command '{}'", command_line_of(group), brief(text)),
                  meant.empty() ? command_line_of(group) + " --help lists the commands"
                                : fmt::format("did you mean {} {}?", command_line_of(group), meant));
}

/// The argument that nobody took; empty if there is none.
std::string first_left_over(const CLI::App& app) {
  const auto rest = app.remaining(true);
  return rest.empty() ? "" : rest.front();
}

Error left_over(const CLI::App& command, const std::string& text) {
  if (text.starts_with('-') && text != "-") return unknown_option(command, text);
  if (!command.get_subcommands(any_command).empty()) return unknown_command(command, text);
  return error_of(fmt::format("{} takes no further argument '{}'", command_line_of(command), brief(text)),
                  help_hint(command));
}

Error missing_argument(const CLI::App& command) {
  if (!command.get_subcommands(any_command).empty())
    return error_of(fmt::format("{} needs a command", command_line_of(command)),
                    command_line_of(command) + " --help lists the commands");
  for (const CLI::Option* option : command.get_options())
    if (option->get_required() && option->count() == 0)
      return error_of(fmt::format("{} needs {}", command_line_of(command), usage_of(*option)), help_hint(command));
  return error_of(command_line_of(command) + " lacks an argument", help_hint(command));
}

/// The option that CLI11's text begins with: `--sha: 1 required TEXT missing`.
const CLI::Option* option_in(const CLI::App& command, std::string_view text) {
  for (const CLI::App* level = &command; level != nullptr; level = level->get_parent())
    for (const CLI::Option* option : level->get_options()) {
      const std::string name = option->get_positional() ? option->get_name(true) : "--" + option->get_single_name();
      if (text.starts_with(name + ":") || text.find(" " + name + " =") != std::string_view::npos ||
          text.find(" " + name + ",") != std::string_view::npos)
        return option;
    }
  return nullptr;
}

/// What people only read may be empty, and of what is required the library says why it may not.
bool may_be_empty(const CLI::Option& option) {
  constexpr std::array<std::string_view, 3> only_read = {"message", "summary", "url"};
  return option.get_required() ||
         std::find(only_read.begin(), only_read.end(), option.get_single_name()) != only_read.end();
}

/// CLI11 takes signs, and the largest number for all that are larger.
bool is_number(std::string_view text) {
  constexpr std::size_t most_digits = 18;
  return !text.empty() && text.size() <= most_digits &&
         std::all_of(text.begin(), text.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

Error bad_value(const CLI::App& command, std::string_view text) {
  const CLI::Option* option = option_in(command, text);
  if (option == nullptr) return error_of(std::string(text), help_hint(command));
  const std::string usage = usage_of(*option);
  const auto values = option->results();
  if (text.find(" missing") != std::string_view::npos || values.empty())
    return error_of(fmt::format("{} lacks its value: {}", command_line_of(command), usage), help_hint(command));
  if (values.size() > 1 && option->get_items_expected_max() == 1)
    return error_of(fmt::format("'{}' was given {} times", usage, values.size()), "give it once");
  return error_of(fmt::format("'{}' is no value for {}", brief(values.front()), usage), help_hint(command));
}

}  // namespace

Error explain(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = chosen(app);
  const auto is = [&](CLI::ExitCodes code) { return error.get_exit_code() == static_cast<int>(code); };
  const std::string rest = first_left_over(app);
  if (!rest.empty() && (is(CLI::ExitCodes::ExtrasError) || is(CLI::ExitCodes::RequiredError)))
    return left_over(command, rest);
  return is(CLI::ExitCodes::RequiredError) ? missing_argument(command) : bad_value(command, error.what());
}

std::optional<Error> find_bad_value(const CLI::App& app) {
  const CLI::App& command = chosen(app);
  for (const CLI::App* level = &command; level != nullptr; level = level->get_parent())
    for (const CLI::Option* option : level->get_options())
      for (const std::string& value : option->results()) {
        if (value.empty() && !may_be_empty(*option))
          return error_of(fmt::format("the value of '{}' is empty", usage_of(*option)),
                          "leave it out, or check the variable that it comes from");
        if (option->get_type_name() == "UINT" && !is_number(value))
          return error_of(fmt::format("'{}' is no value for {}", brief(value), usage_of(*option)),
                          "give a number without sign, of at most 18 digits");
      }
  return std::nullopt;
}

}  // namespace samebits::cli
