#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/pkt_line.hpp"
#include "git/transport.hpp"
#include "system/run_program.hpp"

namespace samebits::git {
namespace {

constexpr std::string_view upload = "git-upload-pack";
constexpr std::string_view receive = "git-receive-pack";
/// What a server may list before it takes a push, and its report.
constexpr std::size_t max_receive = std::size_t{80} << 20;
/// What a server says of itself before it answers.
constexpr std::size_t max_greeting = std::size_t{1} << 16;
/// The exit status of ssh where it did not get as far as running something.
constexpr int no_connection = 255;

/// Where a repository is, as ssh takes it.
struct SshPlace {
  std::string host = {};
  std::string port = {};
  std::string path = {};
};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// `%20` is a blank; what is no such escape stays, as Git leaves it.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const int high = text[at] == '%' && at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
    const int low = high < 0 ? -1 : hex_value(text[at + 2]);
    decoded += low < 0 ? text[at] : static_cast<char>(high * 16 + low);
    if (low >= 0) at += 2;
  }
  return decoded;
}

/// `user@host:path`, `ssh://user@host:port/path`. Source: git-clone(1), "GIT URLS".
std::optional<SshPlace> parse_place(std::string_view location) {
  SshPlace place;
  const auto scheme = location.find("://");
  const bool is_url = scheme != std::string_view::npos;
  const std::string_view rest = is_url ? location.substr(scheme + 3) : location;
  const auto end = is_url ? rest.find('/') : rest.find(':');
  if (end == std::string_view::npos) return std::nullopt;
  place.host = rest.substr(0, end);
  place.path = rest.substr(is_url ? end : end + 1);
  // Only URLs are encoded.
  if (is_url) place.host = percent_decoded(place.host);
  if (is_url) place.path = percent_decoded(place.path);
  if (is_url && place.path.starts_with("/~")) place.path.erase(0, 1);
  if (const auto colon = place.host.rfind(':'); is_url && colon != std::string::npos && !place.host.ends_with(']')) {
    place.port = place.host.substr(colon + 1);
    place.host.erase(colon);
  }
  const auto digits = std::all_of(place.port.begin(), place.port.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto bare_host = place.host.substr(place.host.rfind('@') + 1);
  const std::string whole = place.host + place.path;
  const bool has_control = std::any_of(whole.begin(), whole.end(), [](unsigned char c) { return c < 0x20; });
  // What begins with a dash would be an option of ssh or of the program there; a password is for no argument.
  if (bare_host.empty() || place.path.empty() || place.host.starts_with('-') || bare_host.starts_with('-') ||
      place.path.starts_with('-') || !digits || has_control ||
      place.host.substr(0, place.host.find('@')).find(':') != std::string::npos)
    return std::nullopt;
  return place;
}

/// For people: without `user:password@`.
std::string shown(std::string_view location) {
  const auto scheme = location.find("://");
  const auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto at = location.substr(0, location.find('/', start)).rfind('@');
  if (at == std::string_view::npos || at < start) return printable(location);
  return printable(std::string(location.substr(0, start)) + std::string(location.substr(at + 1)));
}

/// For the shell on the other side, as git-shell takes it.
std::string quoted(std::string_view text) {
  std::string words = "'";
  for (const char c : text) words += c == '\'' || c == '!' ? fmt::format("'\\{}'", c) : std::string(1, c);
  return words + "'";
}

bool says(std::string_view words, std::initializer_list<std::string_view> any) {
  return std::any_of(any.begin(), any.end(), [&](auto part) { return words.find(part) != std::string_view::npos; });
}

class SshTransport final : public Transport {
 public:
  SshTransport(std::string_view location, SshPlace place, const GitPrograms& programs)
      : location_(location), place_(std::move(place)), programs_(programs) {}

  std::string location() const override { return location_; }

  Result<Answer> capabilities(Context& context) override {
    return run(context, upload, std::string(flush_packet), max_greeting);
  }

  Result<Answer> upload_pack(Context& context, const std::string& command, std::size_t max_bytes) override {
    const std::string input = command + std::string(flush_packet);
    SB_TRY(auto answer, run(context, upload, input, max_bytes + max_greeting));
    if (answer.too_long) return answer;
    SB_TRY(const auto greeting, greeting_of(answer.body));
    if (answer.body.find("version 2") > greeting)
      return Error{.code = ErrorCode::git_protocol_v2_needed,
                   .message = fmt::format("'{}' does not speak Git's protocol v2", location_),
                   .hint = "use a server of Git 2.18 or newer, and let its sshd accept GIT_PROTOCOL (AcceptEnv)",
                   .remote = location_};
    answer.body.erase(0, greeting);
    return answer;
  }

  Result<Answer> receive_pack(Context& context, const std::string& push) override {
    auto answer = run(context, receive, push, max_receive);
    if (!answer) return answer;
    auto greeting = greeting_of(answer->body);
    if (!greeting) return lost(std::move(greeting).error());
    answer->body.erase(0, *greeting);
    return answer;
  }

 private:
  Error lost(Error error) const {
    error.outcome_unknown = true;
    return error;
  }

  /// The size of what a server says before it is asked, its flush included.
  Result<std::size_t> greeting_of(std::string_view body) const {
    PacketReader packets(body);
    while (true) {
      auto packet = packets.next();
      if (!packet) {
        Error error = std::move(packet).error();
        error.remote = location_;
        return error;
      }
      if (packet->kind == Packet::Kind::flush) return body.size() - packets.rest().size();
    }
  }

  Result<Answer> run(Context& context, std::string_view service, const std::string& input, std::size_t max_bytes) {
    Program program{.file = programs_.ssh.front(),
                    .arguments = {programs_.ssh.begin() + 1, programs_.ssh.end()},
                    .environment = programs_.environment,
                    .path = programs_.path,
                    .input = input,
                    .timeout = std::chrono::hours(1),
                    .max_output = max_bytes};
    // Nobody is there to be asked.
    for (const char* word : {"-o", "BatchMode=yes", "-o", "SendEnv=GIT_PROTOCOL"}) program.arguments.emplace_back(word);
    if (!place_.port.empty()) program.arguments.insert(program.arguments.end(), {"-p", place_.port});
    program.arguments.push_back(place_.host);
    program.arguments.push_back(fmt::format("{} {}", service, quoted(place_.path)));
    std::erase_if(program.environment, [](const std::string& entry) { return entry.starts_with("GIT_PROTOCOL="); });
    if (service == upload) program.environment.emplace_back("GIT_PROTOCOL=version=2");
    context.note(LogLevel::debug, fmt::format("ssh {} {}", place_.host, service));
    auto ran = run_program(context, program);
    if (!ran && ran.error().code == ErrorCode::bad_answer) return Answer{.too_long = true};
    if (!ran) return failed_to_run(std::move(ran).error(), service);
    // A server that refuses a command ends without a word where HTTP has an answer without a body.
    const bool answers = service == upload && !ran->output.empty();
    if (ran->status != 0 && !answers) return failure(*ran, service);
    return Answer{.body = std::move(ran->output)};
  }

  Error failed_to_run(Error error, std::string_view service) const {
    if (error.remote.empty()) error.remote = location_;
    if (error.code == ErrorCode::file_missing) error.hint = "install the OpenSSH client, or give an https:// URL";
    if (error.code != ErrorCode::file_missing && service == receive) error.outcome_unknown = true;
    return error;
  }

  /// ssh says what happened in words only. They choose the code; whoever reads the message sees them as they are.
  Error failure(const ProgramResult& ran, std::string_view service) const {
    std::string words;
    for (const std::string& line : lines_of(ran.errors)) words += (words.empty() ? "" : "; ") + line;
    Error error{.code = ErrorCode::bad_answer,
                .message = fmt::format("'{}' ends {} with status {}: {}", location_, service, ran.status,
                                       words.empty() ? "it does not say why" : printable(words, 600)),
                .hint = fmt::format("try it: git ls-remote {}", location_),
                .remote = location_};
    if (says(words, {"does not appear to be a git repository", "epository not found", "No such file or directory"}))
      error.code = ErrorCode::repository_missing;
    else if (says(words, {"Permission denied (", "Host key verification failed", "Too many authentication failures"}))
      error.code = ErrorCode::unauthenticated;
    else if (says(words, {"ermission", "denied", "not allowed", "read-only"}))
      error.code = ErrorCode::permission_missing;
    else if (ran.status == no_connection)
      error.code = ErrorCode::unreachable;
    // Once the server listed its references it may have taken the push too.
    error.outcome_unknown = service == receive && !ran.output.empty();
    return error;
  }

  std::string location_;
  SshPlace place_;
  GitPrograms programs_;
};

}  // namespace

Result<std::unique_ptr<Transport>> open_ssh_transport(std::string_view location, const GitPrograms& programs) {
  auto place = parse_place(location);
  if (place && !programs.ssh.empty())
    return std::unique_ptr<Transport>(std::make_unique<SshTransport>(location, *std::move(place), programs));
  return Error{.code = ErrorCode::bad_option,
               .message = fmt::format("'{}' names no repository that ssh reaches", shown(location)),
               .hint = "write it as user@host:path or ssh://user@host:port/path, without a password"};
}

}  // namespace samebits::git
