#include "core/text.hpp"

#include <doctest/doctest.h>

#include <samebits/context.hpp>
#include <samebits/error.hpp>
#include <samebits/gate.hpp>
#include <samebits/receipt.hpp>

#include "core/intent.hpp"
#include "support/must.hpp"

namespace samebits::test {

TEST_CASE("text for a terminal has no control character, no line break and no turned line") {
  CHECK(printable("plain text") == "plain text");
  CHECK(printable("J\xC3\xB6rg \xE2\x82\xAC \xF0\x9F\x9A\x80") == "J\xC3\xB6rg \xE2\x82\xAC \xF0\x9F\x9A\x80");
  CHECK(printable("a\nb\r\t\x1b[31m\x7f") == "a?b???[31m?");
  for (const std::string_view text : {"", "plain text", "J\xC3\xB6rg \xE2\x82\xAC", "\xE2\x80\x9C\xE2\x81\xAA"})
    CHECK(is_printable(text));
  for (const std::string_view text : {"a\nb", "\x7f", "\xC2\x9B", "a\xE2\x80\xA8", "\xE2\x81\xA9"})
    CHECK_FALSE(is_printable(text));
  CHECK(printable("\xC2\x9B"
                  "31m\xC2\x85\xC2\xA0") == "?31m?\xC2\xA0");
  CHECK(printable("\xE2\x80\xA8|\xE2\x80\xA9|\xE2\x80\xAA|\xE2\x80\xAE|\xE2\x81\xA6|\xE2\x81\xA9") == "?|?|?|?|?|?");
  CHECK(printable("\xE2\x80\x9C\xE2\x81\xAA") == "\xE2\x80\x9C\xE2\x81\xAA");
  CHECK(printable(std::string_view("a\0b", 3)) == "a?b");
}

TEST_CASE("bytes that are not UTF-8 are shown as question marks and repaired as U+FFFD") {
  const std::pair<std::string_view, std::string_view> cases[] = {{"\xFF", "?"},
                                                                 {"\xC0\x80", "??"},
                                                                 {"\xE0\x80\x80", "???"},
                                                                 {"\xF0\x80\x80\x80", "????"},
                                                                 {"\xED\xA0\x80", "???"},
                                                                 {"\xF4\x90\x80\x80", "????"},
                                                                 {"\xF5\x80\x80\x80", "????"},
                                                                 {"\xC3", "?"},
                                                                 {"\xE2\x82", "??"},
                                                                 {"\xC3"
                                                                  "a",
                                                                  "?a"}};
  for (const auto& [bytes, shown] : cases) {
    CAPTURE(shown);
    CHECK(printable(bytes) == shown);
    CHECK_FALSE(is_valid_utf8(bytes));
    CHECK_FALSE(is_printable(bytes));
    CHECK(is_valid_utf8(valid_utf8(bytes)));
  }
  CHECK(valid_utf8("a\xFF"
                   "b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(is_valid_utf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));
  // Wherever it stands in a longer text.
  for (std::size_t before = 0; before < 20; ++before)
    for (std::size_t after = 0; after < 20; ++after) {
      CHECK(is_valid_utf8(std::string(before, 'a') + "\xC3\xA4" + std::string(after, 'b')));
      CHECK_FALSE(is_valid_utf8(std::string(before, 'a') + "\xC3" + std::string(after, 'b')));
      CHECK(valid_utf8(std::string(before, 'a') + "\xFF" + std::string(after, 'b')) ==
            std::string(before, 'a') + "\xEF\xBF\xBD" + std::string(after, 'b'));
    }
}

TEST_CASE("long text is cut between characters") {
  CHECK(printable(std::string(300, 'a')) == std::string(200, 'a') + "...");
  CHECK(printable("\xE2\x82\xAC\xE2\x82\xAC", 4) == "\xE2\x82\xAC...");
}

TEST_CASE("the nearest word is found only where it is near") {
  const std::vector<std::string> words = {"snapshot", "release", "pull-request"};
  CHECK(nearest("snapshto", words) == "snapshot");
  CHECK(nearest("Release", words) == "release");
  const std::vector<std::string> short_words{"tag", "set"};
  CHECK(nearest("tga", short_words) == "tag");
  CHECK(nearest("est", short_words) == "set");
  CHECK(nearest("x", words).empty());
  CHECK(nearest(std::string(101, 'a'), words).empty());
  CHECK(nearest("a", {}).empty());
}

TEST_CASE("a pattern is filled in with what is given and keeps what is not") {
  const std::pair<std::string_view, std::string_view> values[] = {{"a", "1"}, {"b", "{a}"}};
  CHECK(render("{a}-{b}-{c}-{", values) == "1-{a}-{c}-{");
  CHECK(render("{}{a", values) == "{}{a");
}

TEST_CASE("a DNS label is lower-case letters, digits and inner dashes") {
  for (const char* text : {"a", "api", "my-service", "0", "a-0"}) CHECK(is_dns_label(text));
  for (const char* text : {"", "-a", "a-", "A", "a.b", "a_b", "a/b", "\xC3\xA9", " a"}) CHECK_FALSE(is_dns_label(text));
  CHECK(is_dns_label(std::string(63, 'a')));
  CHECK_FALSE(is_dns_label(std::string(64, 'a')));
}

TEST_CASE("every code has a kind and a text that leads back to it") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::unsupported); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    CHECK(error_code_from(to_string(code)) == code);
    CHECK(kind_of(code) != ErrorKind::none);
  }
  CHECK_FALSE(error_code_from("no_such_code"));
  const std::pair<ErrorKind, std::string_view> kinds[] = {
      {ErrorKind::none, "none"},           {ErrorKind::internal, "internal"},
      {ErrorKind::usage, "usage"},         {ErrorKind::policy, "policy"},
      {ErrorKind::conflict, "conflict"},   {ErrorKind::pending, "pending"},
      {ErrorKind::cancelled, "cancelled"}, {ErrorKind::auth, "auth"},
      {ErrorKind::not_found, "not_found"}, {ErrorKind::rate_limited, "rate_limited"},
      {ErrorKind::transient, "transient"}, {ErrorKind::protocol, "protocol"}};
  for (const auto& [kind, text] : kinds) CHECK(to_string(kind) == text);
}

TEST_CASE("an error is shown with its place, its code and what to do") {
  const Error error{.code = ErrorCode::bad_config,
                    .message = "tags is no mapping",
                    .hint = "write {a: b}",
                    .where = {.file = "samebits.yaml", .line = 3, .column = 9},
                    .remote = "github.com"};
  CHECK(text_of(error) ==
        "error: samebits.yaml:3:9: tags is no mapping (bad_config)\n  at: github.com\n  hint: write {a: b}");
  CHECK(text_of({.code = ErrorCode::internal, .message = "m", .where = {.file = "f"}}) == "error: f: m (internal)");
  CHECK_THROWS_AS(Result<int>(error).value(), BadResult);
  CHECK_THROWS_WITH(Result<void>(error).value(), "tags is no mapping");
}

TEST_CASE("a fired token and a passed deadline end an operation") {
  CancelToken token;
  Context context{.cancel = &token};
  CHECK(context.check());
  token.fire();
  CHECK(code_of(context.check()) == "cancelled");
  token.reset();
  context.deadline = Context::Clock::now() - std::chrono::seconds(1);
  CHECK(code_of(context.check()) == "timed_out");
}

TEST_CASE("words of documents lead back to what they mean") {
  for (const Verdict verdict :
       {Verdict::passed, Verdict::failed, Verdict::pending, Verdict::missing, Verdict::ambiguous, Verdict::error})
    CHECK(verdict_from(to_string(verdict)) == verdict);
  CHECK_FALSE(verdict_from("good"));
  CHECK(to_string(StepOutcome::done) == "done");
  CHECK(to_string(StepOutcome::already) == "already");
  CHECK(to_string(StepOutcome::skipped) == "skipped");
  const std::pair<Operation, std::string_view> operations[] = {
      {Operation::promote, "promote"}, {Operation::preview_up, "preview-up"}, {Operation::preview_down, "preview-down"},
      {Operation::release, "release"}, {Operation::rollback, "rollback"},     {Operation::gate_post, "gate-post"}};
  for (const auto& [operation, text] : operations) CHECK(to_string(operation) == text);
}

}  // namespace samebits::test
