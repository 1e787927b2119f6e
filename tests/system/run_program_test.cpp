#include "system/run_program.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <doctest/doctest.h>

#include "support/must.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

using std::chrono::milliseconds;

/// A script for `/bin/sh`, which this suite runs as a program of its own.
Program script(const std::string& text) { return {.file = "/bin/sh", .arguments = {"-c", text}}; }

Result<ProgramResult> run(const Program& program) {
  Context context;
  return run_program(context, program);
}

/// Whether a process with that id is gone, or only waits to be collected by whoever started it.
bool is_gone(const std::string& id) {
  std::ifstream file("/proc/" + id + "/stat");
  std::string text(std::istreambuf_iterator<char>(file), {});
  return text.empty() || text.find(") Z") != std::string::npos;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

/// Blocks until a script has written its id.
std::string wait_for_id(const std::filesystem::path& path) {
  while (read(path).empty()) std::this_thread::yield();
  return read(path);
}

}  // namespace

TEST_CASE("a program gets its input and its environment and nothing else, and gives status and both streams") {
  Program program = script("cat; echo err >&2; echo \"$A|$HOME|$#\"; exit 7");
  program.input = "in\n";
  program.environment = {"A=b c"};
  const auto result = must(run(program));
  CHECK(result.status == 7);
  CHECK(result.output == "in\nb c||0\n");
  CHECK(result.errors == "err\n");
}

TEST_CASE("arguments are words, whatever they hold: there is no shell") {
  const auto result = must(run({.file = "printf", .arguments = {"%s,", "$HOME", "a b", "`id`", "; exit 3", "*", ""}}));
  CHECK(result.status == 0);
  CHECK(result.output == "$HOME,a b,`id`,; exit 3,*,,");
}

TEST_CASE("a program is looked for only in the folders that are given") {
  const TempFolder folder;
  std::ofstream(folder.path() / "hello") << "#!/bin/sh\necho hello\n";
  std::filesystem::permissions(folder.path() / "hello", std::filesystem::perms::owner_all);
  CHECK(must(run({.file = "hello", .path = "/nonexistent:" + folder.path().string()})).output == "hello\n");
  CHECK(code_of(run({.file = "hello"})) == "file_missing");
  CHECK(code_of(run({.file = folder.path() / "absent"})) == "file_missing");
  std::ofstream(folder.path() / "no-program") << "text";
  CHECK(code_of(run({.file = folder.path() / "no-program"})) != "none");
}

TEST_CASE("much input and much output at the same time do not block each other") {
  Program program = script("cat; cat /dev/null");
  program.input = std::string(3 << 20, 'x');
  program.max_output = std::size_t{4} << 20;
  CHECK(must(run(program)).output == program.input);
}

TEST_CASE("a program that does not want its input is no error") {
  Program program = script("exec <&-; echo done");
  program.input = std::string(1 << 20, 'x');
  CHECK(must(run(program)).output == "done\n");
}

TEST_CASE("a program that writes too much is killed, and errors are cut") {
  const TempFolder folder;
  Program program = script("echo $$ > '" + (folder.path() / "id").string() + "'; exec yes");
  program.max_output = 10000;
  const auto result = run(program);
  CHECK(code_of(result) == "bad_answer");
  CHECK(is_gone(read(folder.path() / "id")));
  Program loud = script("head -c 100000 /dev/zero >&2; echo end");
  loud.max_output = 1000;
  const auto cut = must(run(loud));
  CHECK(cut.errors.size() == 1000);
  CHECK(cut.output == "end\n");
}

TEST_CASE("a program that does not end in time is killed with its children") {
  const TempFolder folder;
  const auto id = folder.path() / "id";
  const auto child = folder.path() / "child";
  Program program = script("(echo x; exec sleep 600) & echo $! > '" + child.string() + "'; echo $$ > '" + id.string() +
                           "'; wait");
  program.timeout = milliseconds(500);
  const auto result = run(program);
  CHECK(code_of(result) == "timed_out");
  CHECK(result.error().message.find("/bin/sh") != std::string::npos);
  CHECK(is_gone(wait_for_id(id)));
  const std::string other = wait_for_id(child);
  while (!is_gone(other)) std::this_thread::yield();
}

TEST_CASE("a cancelled call and a passed deadline kill the program") {
  const TempFolder folder;
  const auto id = folder.path() / "id";
  const Program program = script("echo $$ > '" + id.string() + "'; exec sleep 600");
  CancelToken cancel;
  Context cancelled{.cancel = &cancel};
  std::thread other([&] {
    wait_for_id(id);
    cancel.fire();
  });
  CHECK(code_of(run_program(cancelled, program)) == "cancelled");
  other.join();
  CHECK(is_gone(read(id)));
  Context late{.deadline = Context::Clock::now() + milliseconds(50)};
  CHECK(code_of(run_program(late, program)) == "timed_out");
}

TEST_CASE("a program that a signal ends has 128 and its number as status") {
  CHECK(must(run(script("kill -TERM $$"))).status == 128 + SIGTERM);
  CHECK(must(run(script("kill -KILL $$"))).status == 128 + SIGKILL);
}

TEST_CASE("a program inherits no descriptor, no blocked and no ignored signal") {
  const TempFolder folder;
  std::ofstream secret(folder.path() / "secret");
  struct sigaction before {};
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGTERM, &ignore, &before);
  sigset_t block;
  sigset_t mask;
  ::sigemptyset(&block);
  ::sigaddset(&block, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &block, &mask);
  const auto blocked = must(run(script("kill -INT $$; echo blocked")));
  const auto ignored = must(run(script("kill -TERM $$; echo ignored")));
  const auto descriptors = must(run(script("for f in /proc/self/fd/*; do echo fd ${f##*/}; done")));
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::sigaction(SIGTERM, &before, nullptr);
  CHECK(blocked.status == 128 + SIGINT);
  CHECK(ignored.status == 128 + SIGTERM);
  // 3 is the folder that the shell itself reads.
  CHECK(descriptors.output.find("fd 4") == std::string::npos);
}
