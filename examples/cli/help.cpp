#include "help.hpp"

#include <algorithm>
#include <cctype>
#include <functional>
#include <vector>

#include <fmt/format.h>

namespace samebits::cli {
namespace {

constexpr std::size_t text_column = 26;

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return letter == '-' ? '_' : static_cast<char>(std::toupper(letter)); });
  return text;
}

/// What stands for the value: `SHA`, `N`, `text|json`; empty for a flag.
std::string value_name(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return "";
  std::string type = option.get_type_name();
  if (const auto brace = type.find('{'); brace != std::string::npos && type.ends_with('}')) {
    type = type.substr(brace + 1, type.size() - brace - 2);
    std::replace(type.begin(), type.end(), ',', '|');
    return type;
  }
  if (type == "UINT" || type == "INT") return "N";
  return type == "TEXT" ? upper(option.get_single_name()) : type;
}

std::string row(std::string_view name, std::string_view text) {
  if (name.size() + 4 <= text_column) return fmt::format("  {:<{}}{}\n", name, text_column - 2, text);
  return fmt::format("  {}\n{:{}}{}\n", name, "", text_column, text);
}

std::string option_row(const CLI::Option& option) {
  std::string text = option.get_description();
  if (!option.get_default_str().empty()) text += fmt::format(" (default: {})", option.get_default_str());
  if (!option.get_envname().empty()) text += fmt::format(" (or set {})", option.get_envname());
  return row(usage_of(option), text);
}

std::vector<const CLI::Option*> options_where(const CLI::App& command,
                                              const std::function<bool(const CLI::Option&)>& wanted) {
  return command.get_options([&](const CLI::Option* option) {
    return option != command.get_help_ptr() && option != command.get_help_all_ptr() && wanted(*option);
  });
}

std::string synopsis(const CLI::App& command) {
  std::string line = command_line_of(command);
  if (!command.get_subcommands([](const CLI::App*) { return true; }).empty()) return line + " COMMAND [OPTIONS]";
  for (const auto* option : options_where(command, [](const auto& any) { return any.get_positional(); }))
    line += option->get_required() ? " " + usage_of(*option) : " [" + usage_of(*option) + "]";
  for (const auto* option :
       options_where(command, [](const auto& any) { return !any.get_positional() && any.get_required(); }))
    line += " " + usage_of(*option);
  return line + " [OPTIONS]";
}

std::string option_section(const CLI::App& command, std::string_view title,
                           const std::function<bool(const CLI::Option&)>& wanted) {
  std::string out;
  for (const auto* option : options_where(command, wanted)) out += option_row(*option);
  return out.empty() ? "" : fmt::format("\n{}:\n{}", title, out);
}

std::string command_section(const CLI::App& command) {
  std::string out;
  for (const auto* sub : command.get_subcommands([](const CLI::App*) { return true; }))
    out += row(sub->get_name(), sub->get_description());
  return out.empty() ? "" : fmt::format("\nCommands:\n{}", out);
}

std::string example_section(const CLI::App& command) {
  const std::string line = command_line_of(command);
  const auto blank = line.find(' ');
  const std::string_view examples = examples_of(blank == std::string::npos ? "" : line.substr(blank + 1));
  return examples.empty() ? "" : fmt::format("\nExamples:\n{}", examples);
}

}  // namespace

std::string command_line_of(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : command_line_of(*parent) + " " + command.get_name();
}

std::string usage_of(const CLI::Option& option) {
  if (option.get_positional()) {
    const bool many = option.get_items_expected_max() > 1;
    return upper(option.get_name(true)) + (many ? "..." : "");
  }
  const std::string value = value_name(option);
  return "--" + option.get_single_name() + (value.empty() ? "" : " " + value);
}

std::string make_help(const CLI::App* command, const std::string& /*name*/, CLI::AppFormatMode mode) {
  const bool is_root = command->get_parent() == nullptr;
  const auto is_common = [](const CLI::Option& option) { return option.get_group() != "Options"; };
  std::string out =
      fmt::format("{} - {}\n\nUsage: {}\n", command_line_of(*command), command->get_description(), synopsis(*command));
  out += option_section(*command, "Arguments", [](const auto& option) { return option.get_positional(); });
  out += command_section(*command);
  out += option_section(*command, "Options",
                        [&](const auto& option) { return !option.get_positional() && !is_common(option); });
  out += option_section(*command, "Options of every command", is_common);
  out += example_section(*command);
  if (!command->get_footer().empty()) out += "\n" + command->get_footer() + "\n";
  if (!is_root) out += "\nOptions of every command, such as --gitops, --output json, --dry-run: samebits --help\n";
  if (mode == CLI::AppFormatMode::Normal) return out;
  for (const auto* sub : command->get_subcommands([](const CLI::App*) { return true; }))
    out += "\n\n" + make_help(sub, "", mode);
  return out;
}

}  // namespace samebits::cli
