#include <algorithm>
#include <exception>
#include <string_view>

#include <CLI/CLI.hpp>

#include "output.hpp"
#include "session.hpp"

namespace samebits::cli {
namespace {

constexpr const char* description =
    "Moves the same image bits from a pull request to production through Git.\n"
    "It writes a GitOps repository and registry tags, and never touches a cluster.\n";

constexpr const char* footer =
    "Examples:\n"
    "  samebits init . --service api --image oci:../images --source ../source.git\n"
    "  samebits promote preprod --sha 4f9d3c1e... --dry-run\n"
    "  samebits release 1.4.0\n"
    "  samebits rollback production --to v1.3.2\n"
    "\n"
    "Exit status: 0 done or unchanged, 2 usage, 10 policy, 11 conflict, 12 pending,\n"
    "13 cancelled, 20 auth, 21 not found, 22-24 network, 1 internal.";

bool wants_json(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--output=json" ||
        (argument == "--output" && i + 1 < argc && std::string_view(argv[i + 1]) == "json"))
      return true;
  }
  return false;
}

int run(int argc, char** argv) {
  cancel_token();
  CLI::App app(description, "samebits");
  app.footer(footer);
  app.set_version_flag("--version", "samebits " + std::string(version()));
  app.set_help_all_flag("--help-all", "help of all commands");
  app.require_subcommand(1);
  app.fallthrough();
  Session session;
  session.add_options(app);
  Run chosen;
  for (const auto add : {add_init, add_check, add_promote, add_release, add_rollback, add_preview, add_gate, add_status,
                         add_history, add_trace, add_apply, add_values, add_image, add_tag})
    add(app, session, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    return fail(wants_json(argc, argv), Error{.code = ErrorCode::bad_option,
                                              .message = message,
                                              .hint = "samebits --help, or samebits COMMAND --help"});
  }
  return chosen();
}

}  // namespace
}  // namespace samebits::cli

int main(int argc, char** argv) {
  try {
    const int status = samebits::cli::run(argc, argv);
    std::cout.flush();
    return std::cout.good() ? status : 1;
  } catch (const std::bad_alloc&) {
    return samebits::cli::fail(false, {.code = samebits::ErrorCode::out_of_memory, .message = "the memory ran out"});
  } catch (const std::exception& exception) {
    return samebits::cli::fail(false, {.code = samebits::ErrorCode::internal, .message = exception.what()});
  }
}
