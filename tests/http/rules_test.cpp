#include <doctest/doctest.h>

#include "http/redact.hpp"
#include "http/retry.hpp"
#include "http/status_error.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::http;
using namespace samebits::test;

namespace {

Url url(const std::string& text) { return must(Url::parse(text)); }

/// Gives what it was told to, in order, and keeps what it was asked.
class ScriptedHttp final : public Http {
 public:
  explicit ScriptedHttp(std::vector<Result<Response>> script) : script_(std::move(script)) {}
  std::vector<Result<Response>> send_all(Context& context, std::span<const Request> requests) override {
    std::vector<Result<Response>> results;
    for (const Request& request : requests) {
      asked.push_back(request);
      context.note(LogLevel::debug, "sending " + std::string(request.headers.get("authorization")));
      results.push_back(script_.at(std::min(next_++, script_.size() - 1)));
    }
    return results;
  }
  std::vector<Request> asked;

 private:
  std::vector<Result<Response>> script_;
  std::size_t next_ = 0;
};

/// A clock whose pauses take no time.
class TestClock final : public Clock {
 public:
  Time now() override { return Time(std::chrono::seconds(1'000'000'000)); }
  Result<void> pause(Context&, std::chrono::milliseconds duration) override {
    pauses.push_back(duration);
    return {};
  }
  std::vector<std::chrono::milliseconds> pauses;
};

struct Tried {
  Result<Response> result;
  std::size_t requests;
  std::vector<std::chrono::milliseconds> pauses;
};

Tried try_it(std::vector<Result<Response>> script, const Request& request, Context context = {}) {
  TestClock clock;
  auto scripted = std::make_unique<ScriptedHttp>(std::move(script));
  ScriptedHttp& inner = *scripted;
  const auto http = with_retries(std::move(scripted), clock);
  auto result = http->send(context, request);
  return {std::move(result), inner.asked.size(), clock.pauses};
}

Response answer(int status, Headers headers = {}) {
  return {.status = status, .headers = std::move(headers), .url = {}};
}

Request request_of(RetryClass retry) {
  return {.method = Method::post, .url = url("https://h.example/x"), .retry = retry};
}

}  // namespace

TEST_CASE("what the server's fault may have been is tried again, but never what would make a second thing") {
  for (const int status : {408, 429, 499, 500, 502, 503, 504, 522}) {
    CHECK(try_it({answer(status), answer(200)}, request_of(RetryClass::safe)).result->status == 200);
    CHECK(try_it({answer(status), answer(200)}, request_of(RetryClass::guarded)).result->status == 200);
    CHECK(try_it({answer(status), answer(200)}, request_of(RetryClass::create)).requests == (status == 429 ? 2 : 1));
  }
  for (const int status : {200, 301, 400, 401, 403, 404, 409, 501, 505})
    CHECK(try_it({answer(status)}, request_of(RetryClass::safe)).requests == 1);
  const Error lost{.code = ErrorCode::outcome_unknown, .message = "lost", .outcome_unknown = true};
  const Error unsent{.code = ErrorCode::unreachable, .message = "x"};
  CHECK(try_it({lost, answer(200)}, request_of(RetryClass::create)).requests == 1);
  CHECK(try_it({lost, answer(200)}, request_of(RetryClass::guarded)).requests == 2);
  CHECK(try_it({unsent, answer(200)}, request_of(RetryClass::create)).requests == 2);
  CHECK(try_it({Error{.code = ErrorCode::bad_answer, .message = "x"}}, request_of(RetryClass::safe)).requests == 1);
}

TEST_CASE("three tries are all, and each pause is longer than the one before") {
  const auto tried = try_it({answer(503)}, request_of(RetryClass::safe));
  CHECK(tried.requests == 3);
  CHECK(tried.result->status == 503);
  REQUIRE(tried.pauses.size() == 2);
  CHECK(tried.pauses[0] >= std::chrono::milliseconds(500));
  CHECK(tried.pauses[0] <= std::chrono::milliseconds(1000));
  CHECK(tried.pauses[1] >= std::chrono::milliseconds(1500));
}

TEST_CASE("where a 500 may be a race with a write, two tries more come at once") {
  Request read = request_of(RetryClass::safe);
  read.look_again = true;
  const auto over = try_it({answer(500), answer(200)}, read);
  CHECK(over.result->status == 200);
  REQUIRE(over.pauses.size() == 1);
  CHECK(over.pauses[0] <= std::chrono::milliseconds(50));
  const auto broken = try_it({answer(500)}, read);
  CHECK(broken.requests == 5);
  REQUIRE(broken.pauses.size() == 4);
  CHECK(broken.pauses[0] <= std::chrono::milliseconds(50));
  CHECK(broken.pauses[1] <= std::chrono::milliseconds(100));
  CHECK(broken.pauses[2] >= std::chrono::milliseconds(500));
  CHECK(broken.pauses[3] >= std::chrono::milliseconds(1500));
  CHECK(try_it({answer(503)}, read).requests == 3);
  CHECK(try_it({answer(500, {{"Retry-After", "9"}}), answer(200)}, read).pauses.front() == std::chrono::seconds(9));
}

TEST_CASE("the server's own wait counts, and none is longer than the deadline") {
  const auto asked = try_it({answer(429, {{"Retry-After", "17"}}), answer(200)}, request_of(RetryClass::safe));
  CHECK(asked.pauses.front() == std::chrono::seconds(17));
  const auto late = try_it({answer(429, {{"Retry-After", "17"}})}, request_of(RetryClass::safe),
                           {.deadline = Context::Clock::now() + std::chrono::seconds(5)});
  CHECK(late.requests == 1);
  CHECK(late.result->retry_after == std::chrono::seconds(17));
  const Error error = status_error(request_of(RetryClass::safe), *late.result);
  CHECK(error.code == ErrorCode::rate_limited);
  CHECK(error.retry_after == std::chrono::seconds(17));
}

TEST_CASE("Retry-After is a number or a date by the server's clock, and rate limits say when they end") {
  const Time now{std::chrono::seconds(1'000'000'000)};
  const auto wait = [&](Headers headers, int status = 429) {
    const auto found = retry_after_of(answer(status, std::move(headers)), now);
    return found ? found->count() : -1;
  };
  CHECK(wait({{"Retry-After", "5"}}) == 5);
  CHECK(wait({{"Retry-After", "Wed, 21 Oct 2015 07:28:30 GMT"}, {"Date", "Wed, 21 Oct 2015 07:28:00 GMT"}}) == 30);
  CHECK(wait({{"Retry-After", "Sun, 09 Sep 2001 01:46:50 GMT"}}) == 10);
  CHECK(wait({{"Retry-After", "Wed, 21 Oct 1999 07:28:30 GMT"}}) == 0);
  CHECK(wait({{"Retry-After", "soon"}}) == -1);
  CHECK(wait({{"Retry-After", "99999999999999999999"}}) == -1);
  CHECK(wait({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1000000060"}}, 403) == 60);
  CHECK(wait({{"X-RateLimit-Remaining", "7"}, {"X-RateLimit-Reset", "1000000060"}}, 403) == -1);
}

TEST_CASE("one table says what a status means") {
  const auto code = [](int status, Headers headers = {}, std::string body = "") {
    Response response = answer(status, std::move(headers));
    response.body = std::move(body);
    return status_error(request_of(RetryClass::safe), response,
                        {.not_found = ErrorCode::image_missing, .conflict = ErrorCode::tag_exists})
        .code;
  };
  CHECK(code(401) == ErrorCode::unauthenticated);
  CHECK(code(403) == ErrorCode::permission_missing);
  CHECK(code(403, {{"X-RateLimit-Remaining", "0"}}) == ErrorCode::rate_limited);
  CHECK(code(403, {{"Retry-After", "1"}}) == ErrorCode::rate_limited);
  CHECK(code(403, {}, "You have exceeded a secondary rate limit") == ErrorCode::rate_limited);
  CHECK(code(404) == ErrorCode::image_missing);
  for (const int status : {409, 412, 422}) CHECK(code(status) == ErrorCode::tag_exists);
  for (const int status : {405, 410, 415, 501}) CHECK(code(status) == ErrorCode::unsupported);
  for (const int status : {408, 500, 502, 522}) CHECK(code(status) == ErrorCode::server_error);
  for (const int status : {302, 400, 418}) CHECK(code(status) == ErrorCode::bad_answer);
  CHECK(status_error(request_of(RetryClass::guarded), answer(502)).outcome_unknown);
  CHECK_FALSE(status_error(request_of(RetryClass::safe), answer(502)).outcome_unknown);
}

TEST_CASE("the server's words are in the message, without control characters and without HTML") {
  const auto words = [](const std::string& body) {
    Response response = answer(400);
    response.body = body;
    return server_words(response);
  };
  CHECK(words(R"({"errors":[{"code":"DENIED","message":"not \"you\""}]})") == "not \"you\"");
  CHECK(words(R"({"message" : "Bad credentials"})") == "Bad credentials");
  CHECK(words("plain\nsecond line") == "plain");
  CHECK(words("<html><body>no</body>").empty());
  CHECK(words("red \x1b[31m alert").find('\x1b') == std::string::npos);
  CHECK(words("{\"message\": \"cut off").find("cut off") == 0);
  CHECK(words("").empty());
}

TEST_CASE("no secret of a request surfaces in a log line, an error or an answer that errors are made of") {
  const std::string token = "s3cr3t-t0ken-value";
  Request request{.url = url("https://h.example/x?access_token=" + token + "q&scope=repository:a"),
                  .headers = {{"Authorization", "Bearer " + token}, {"X-Own", "own-secret", true}},
                  .secrets = {"the password"}};
  const std::string leaky = "Bearer " + token + " own-secret the password " + token + "q";
  Response echo = answer(400, {{"X-Echo", leaky}});
  echo.body = leaky;
  const Error error{.code = ErrorCode::unreachable,
                    .message = leaky,
                    .hint = leaky,
                    .remote = leaky,
                    .operation = leaky,
                    .request_id = leaky};
  std::string seen;
  Context context{.log = [&](LogLevel, std::string_view line) { seen += line; }};
  for (const Result<Response>& given : {Result<Response>(echo), Result<Response>(error)}) {
    const auto http = with_redaction(std::make_unique<ScriptedHttp>(std::vector<Result<Response>>{given}));
    const auto result = http->send(context, request);
    if (result)
      seen += result->body + std::string(result->headers.get("x-echo"));
    else
      seen += result.error().message + result.error().hint + result.error().remote + result.error().operation +
              result.error().request_id;
  }
  for (const std::string& secret : {token, std::string("own-secret"), std::string("the password")})
    CHECK(seen.find(secret) == std::string::npos);
  CHECK(seen.find("***") != std::string::npos);
}
