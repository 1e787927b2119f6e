#include "git/signer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/pkt_line.hpp"
#include "system/run_program.hpp"

namespace samebits::git {
namespace {

using Format = SigningOptions::Format;

constexpr std::string_view name_of(Format format) { return format == Format::ssh ? "ssh-keygen" : "gpg"; }

/// A key is one word or an address for a program's argument, and never an option of it.
Result<void> require_key(const SigningOptions& options) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  const bool bad = options.key.starts_with('-') || std::any_of(options.key.begin(), options.key.end(), is_control);
  if (options.format == Format::openpgp && !bad) return {};
  const bool is_text = options.key.starts_with("ssh-") || options.key.starts_with("key::");
  if (!options.key.empty() && !bad && !is_text) return {};
  return Error{
      .code = ErrorCode::bad_option,
      .message = options.key.empty() ? "signing by ssh needs a key"
                                     : fmt::format("'{}' is no key to sign with", printable(options.key, 100)),
      .hint = options.format == Format::ssh
                  ? "give the file of the private key, or of the public one where the agent has the private one"
                  : "give the key's id, fingerprint or address"};
}

Program program_of(const SigningOptions& options, const Person& author) {
  Program program{.file = options.program.empty() ? std::string(name_of(options.format)) : options.program,
                  .environment = options.environment,
                  .path = options.path,
                  .timeout = options.timeout,
                  .max_output = std::size_t{1} << 16};
  if (options.format == Format::openpgp) {
    program.arguments = {
        "--batch",      "--no-tty", "--armor", "--local-user", options.key.empty() ? author.str() : options.key,
        "--detach-sign"};
    return program;
  }
  program.arguments = {"-Y", "sign", "-n", "git", "-f", options.key};
  // Without one, it asks for a passphrase at the terminal, where nobody answers.
  const auto& environment = program.environment;
  if (std::none_of(environment.begin(), environment.end(), [](auto& e) { return e.starts_with("SSH_ASKPASS="); }))
    program.environment.insert(program.environment.end(), {"SSH_ASKPASS=false", "SSH_ASKPASS_REQUIRE=force"});
  return program;
}

Error does_not_sign(const Program& program, const ProgramResult& ran) {
  std::string words;
  for (const std::string& line : lines_of(ran.errors)) words += (words.empty() ? "" : "; ") + line;
  return Error{.code = ErrorCode::unauthenticated,
               .message = fmt::format("{} does not sign (status {}): {}", program.file, ran.status,
                                      words.empty() ? "it does not say why" : printable(words, 600)),
               .hint = "check the key and its agent: git commit -S signs with the same"};
}

}  // namespace

Result<std::string> Signer::sign(Context& context, const Person& author, std::string_view bytes) const {
  SB_CHECK(require_key(options_));
  Program program = program_of(options_, author);
  program.input = bytes;
  auto ran = run_program(context, program);
  if (!ran) {
    Error error = std::move(ran).error();
    if (error.code == ErrorCode::file_missing) error.hint = "install it, or name the program that signs";
    error.message = "what is written is not signed: " + error.message;
    return error;
  }
  if (ran->status != 0) return does_not_sign(program, *ran);
  const std::string_view begin =
      options_.format == Format::ssh ? "-----BEGIN SSH SIGNATURE-----" : "-----BEGIN PGP SIGNATURE-----";
  if (!ran->output.starts_with(begin))
    return Error{.code = ErrorCode::bad_answer, .message = fmt::format("{} writes no signature", program.file)};
  // Git's own has no line break at its end, which would be a blank line of the header.
  while (ran->output.ends_with('\n')) ran->output.pop_back();
  std::erase(ran->output, '\r');
  return std::move(ran->output);
}

SignObject Signer::signing(Context& context, const Person& author) const {
  if (!signs()) return {};
  return [&context, &author, this](std::string_view bytes) { return sign(context, author, bytes); };
}

Result<void> Signer::require_ready(Context& context, const Person& author) const {
  if (!signs()) return {};
  SB_CHECK(sign(context, author, "samebits\n"));
  return {};
}

}  // namespace samebits::git
