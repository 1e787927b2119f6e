#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "help.hpp"
#include "output.hpp"
#include "parse_error.hpp"
#include "session.hpp"
#include "terminal.hpp"

namespace samebits::cli {
namespace {

constexpr const char* description =
    "moves the same image bits from a pull request to production through Git.\n"
    "It writes a GitOps repository and registry tags, and never touches a cluster.";

constexpr const char* footer =
    "Exit status: 0 done or unchanged, 1 internal, 2 usage, 10 policy, 11 conflict, 12 pending, 13 cancelled,\n"
    "20 auth, 21 not found, 22 rate limited, 23 transient, 24 protocol.\n"
    "samebits COMMAND --help says more; --help-all says all.";

/// Before the arguments are parsed: how are errors wanted?
bool wants_json(int argc, char** argv) {
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--") break;
    if (argument.starts_with("--output=")) json = argument == "--output=json";
    if (argument == "--output" && i + 1 < argc) json = std::string_view(argv[i + 1]) == "json";
  }
  return json;
}

/// The arguments, last first, as CLI11 takes them. It reads `[a,b]` as a list, which a path such as ["a.b/c"] is not: a
/// blank before it prevents that, and `values` takes the blank away.
std::vector<std::string> arguments_of(int argc, char** argv) {
  std::vector<std::string> arguments;
  bool of_values = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    of_values = of_values || argument == "values";
    const bool is_bracketed = argument.starts_with('[') && argument.ends_with(']');
    arguments.insert(arguments.begin(), of_values && is_bracketed ? " " + argument : argument);
  }
  return arguments;
}

struct Command {
  std::string_view name;
  void (*add)(CLI::App& app, const Session& session, Run& run);
};

constexpr std::array<Command, 16> commands = {{{"init", add_init},
                                               {"check", add_check},
                                               {"doctor", add_doctor},
                                               {"promote", add_promote},
                                               {"release", add_release},
                                               {"rollback", add_rollback},
                                               {"preview", add_preview},
                                               {"gate", add_gate},
                                               {"wait", add_wait},
                                               {"status", add_status},
                                               {"history", add_history},
                                               {"trace", add_trace},
                                               {"apply", add_apply},
                                               {"values", add_values},
                                               {"image", add_image},
                                               {"tag", add_tag}}};

/// What the arguments are parsed with, and into.
struct Parser {
  /// Has the commands that `is_wanted` says.
  template <class IsWanted>
  explicit Parser(IsWanted is_wanted) {
    app.set_version_flag("--version", "samebits " + std::string(version()), "print the version");
    app.require_subcommand(1);
    app.fallthrough();
    app.formatter_fn(make_help);
    app.set_help_flag("-h,--help", "print this help");
    session.add_options(app);
    for (const Command& command : commands)
      if (is_wanted(command.name)) command.add(app, session, chosen);
    app.set_help_all_flag("--help-all", "print the help of all commands");
    app.footer(footer);
  }

  /// Throws CLI::ParseError.
  void parse(std::vector<std::string> arguments) { app.parse(std::move(arguments)); }

  int carry_out(bool json) const {
    if (const auto bad = find_bad_value(app)) return fail(json, *bad);
    if (const auto good = session.check(); !good) return fail(json, good.error());
    return chosen();
  }

  CLI::App app{description, "samebits"};
  Session session;
  Run chosen;
};

bool is_understood(Parser& parser, const std::vector<std::string>& arguments) try {
  parser.parse(arguments);
  return true;
} catch (const CLI::ParseError&) {
  return false;
}

int run(int argc, char** argv) {
  keep_standard_streams();
  cancel_token();
  const bool json = wants_json(argc, argv);
  const auto arguments = arguments_of(argc, argv);
  const auto is_named = [&](std::string_view name) {
    return std::find(arguments.begin(), arguments.end(), name) != arguments.end();
  };
  // To describe all commands takes a third of a start, and only one of those that are named can be meant.
  if (Parser some(is_named); is_understood(some, arguments)) return some.carry_out(json);
  // What is said of it may be about all of them.
  Parser all([](std::string_view) { return true; });
  try {
    all.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return error.get_exit_code() == 0 ? all.app.exit(error) : fail(json, explain(all.app, error));
  }
  return all.carry_out(json);
}

/// The exit status, unless the result could not be printed.
int finish(int status) {
  std::cout.flush();
  if (std::cout.good() || status != 0) return status;
  return fail(false, {.code = ErrorCode::internal,
                      .message = "the result cannot be written to standard output",
                      .hint = "what the command did is done; run it again to see the result"});
}

}  // namespace
}  // namespace samebits::cli

int main(int argc, char** argv) {
  using samebits::cli::fail;
  const bool json = samebits::cli::wants_json(argc, argv);
  try {
    return samebits::cli::finish(samebits::cli::run(argc, argv));
  } catch (const std::bad_alloc&) {
    return fail(json, {.code = samebits::ErrorCode::out_of_memory, .message = "the memory ran out"});
  } catch (const std::exception& exception) {
    return fail(json, {.code = samebits::ErrorCode::internal, .message = exception.what()});
  }
}
