#include "system/run_program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "system/file_descriptor.hpp"
#include "system/no_sigpipe.hpp"

namespace samebits {
namespace {

constexpr int poll_milliseconds = 20;

Error failed(const Program& program, std::string_view what, int number) {
  return Error{.code = ErrorCode::internal,
               .message = fmt::format("{}: {}: {}", printable(program.file), what, std::strerror(number))};
}

struct Pipe {
  FileDescriptor reader{-1};
  FileDescriptor writer{-1};

  int open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
    reader = FileDescriptor(ends[0]);
    writer = FileDescriptor(ends[1]);
    return 0;
  }
};

std::string find_in(const std::string& path, const std::string& name) {
  if (name.starts_with('/')) return name;
  if (name.find('/') != std::string::npos) return {};
  for (const std::string_view folder : split(path, ':')) {
    if (!folder.starts_with('/')) continue;
    std::string file = fmt::format("{}/{}", folder, name);
    if (::access(file.c_str(), X_OK) == 0) return file;
  }
  return {};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What posix_spawn is told, freed at the end.
class SpawnPlan {
 public:
  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  int run(pid_t& id, const std::string& file, const Program& program, const Pipe& in, const Pipe& out,
          const Pipe& errors) {
    ::posix_spawn_file_actions_adddup2(&actions_, in.reader.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, out.writer.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, errors.writer.get(), STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    std::vector<std::string> words = {program.file};
    words.insert(words.end(), program.arguments.begin(), program.arguments.end());
    std::vector<std::string> environment = program.environment;
    return ::posix_spawn(&id, file.c_str(), &actions_, &attributes_, pointers_to(words).data(),
                         pointers_to(environment).data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// A program that runs; killed and reaped at the end, if it still does.
class Child {
 public:
  explicit Child(pid_t id) : id_(id), handle_(static_cast<int>(::syscall(SYS_pidfd_open, id, 0))) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (reaped_) return;
    ::kill(-id_, SIGKILL);
    reap();
  }

  int handle() const noexcept { return handle_.get(); }
  int reap() {
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t id_;
  FileDescriptor handle_;
  bool reaped_ = false;
};

/// Reads what is there; false at the end of the stream.
bool drain(int descriptor, std::string& text) {
  std::array<char, 16384> part{};
  const ssize_t count = ::read(descriptor, part.data(), part.size());
  if (count > 0) text.append(part.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

/// Feeds and reads a program until it has ended and all is read.
class Conversation {
 public:
  Conversation(const Program& program, Child& child, Pipe& in, Pipe& out, Pipe& errors)
      : program_(program), child_(child), in_(in), out_(out), errors_(errors) {
    ::fcntl(in_.writer.get(), F_SETFL, O_NONBLOCK);
  }

  Result<ProgramResult> run(Context& context) {
    const auto end = Context::Clock::now() + program_.timeout;
    while (out_.reader.get() >= 0 || errors_.reader.get() >= 0 || !ended_) {
      SB_CHECK(context.check());
      if (Context::Clock::now() >= end)
        return Error{
            .code = ErrorCode::timed_out,
            .message = fmt::format("{} did not end within {} s", printable(program_.file),
                                   std::chrono::duration_cast<std::chrono::seconds>(program_.timeout).count())};
      step();
      if (result_.output.size() > program_.max_output)
        return Error{
            .code = ErrorCode::bad_answer,
            .message = fmt::format("{} writes more than {} bytes", printable(program_.file), program_.max_output)};
      if (result_.errors.size() > program_.max_output) result_.errors.resize(program_.max_output);
    }
    result_.status = child_.reap();
    return std::move(result_);
  }

 private:
  void step() {
    if (sent_ == program_.input.size()) in_.writer = FileDescriptor(-1);
    // Descriptors of -1 are passed over.
    std::array<pollfd, 4> watched = {{{.fd = out_.reader.get(), .events = POLLIN, .revents = 0},
                                      {.fd = errors_.reader.get(), .events = POLLIN, .revents = 0},
                                      {.fd = in_.writer.get(), .events = POLLOUT, .revents = 0},
                                      {.fd = ended_ ? -1 : child_.handle(), .events = POLLIN, .revents = 0}}};
    if (::poll(watched.data(), watched.size(), poll_milliseconds) <= 0) return;
    if (watched[0].revents != 0 && !drain(out_.reader.get(), result_.output)) out_.reader = FileDescriptor(-1);
    if (watched[1].revents != 0 && !drain(errors_.reader.get(), result_.errors)) errors_.reader = FileDescriptor(-1);
    if (watched[2].revents != 0) send();
    if (watched[3].revents != 0) ended_ = true;
  }

  void send() {
    const ssize_t count = ::write(in_.writer.get(), program_.input.data() + sent_, program_.input.size() - sent_);
    if (count >= 0) sent_ += static_cast<std::size_t>(count);
    // Whoever does not want its input may close it.
    if (count < 0 && errno != EAGAIN && errno != EINTR) sent_ = program_.input.size();
  }

  const Program& program_;
  Child& child_;
  Pipe& in_;
  Pipe& out_;
  Pipe& errors_;
  std::size_t sent_ = 0;
  bool ended_ = false;
  ProgramResult result_;
};

}  // namespace

Result<ProgramResult> run_program(Context& context, const Program& program) {
  const std::string file = find_in(program.path, program.file);
  const Error missing{.code = ErrorCode::file_missing,
                      .message = fmt::format("there is no program '{}'", printable(program.file)),
                      .hint = "install it, or add its folder to PATH"};
  if (file.empty()) return missing;
  const NoSigpipe quiet;
  Pipe in;
  Pipe out;
  Pipe errors;
  for (Pipe* pipe : {&in, &out, &errors})
    if (const int number = pipe->open(); number != 0) return failed(program, "no pipe", number);
  pid_t id = -1;
  SpawnPlan plan;
  if (const int number = plan.run(id, file, program, in, out, errors); number != 0) {
    if (number == ENOENT) return missing;
    return failed(program, "it cannot be run", number);
  }
  Child child(id);
  in.reader = FileDescriptor(-1);
  out.writer = FileDescriptor(-1);
  errors.writer = FileDescriptor(-1);
  return Conversation(program, child, in, out, errors).run(context);
}

}  // namespace samebits
