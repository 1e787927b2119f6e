#include "http/client.hpp"

#include <thread>

#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "http/curl_error.hpp"
#include "http/lines.hpp"
#include "servers/loopback_server.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::http;
using namespace samebits::test;

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Url url(const std::string& text) { return must(Url::parse(text)); }

/// A client that does not wait long.
std::unique_ptr<Http> client(CurlOptions options = {}) {
  return open_http(std::move(options), system_clock(), {.tries = 2, .base = milliseconds(1)});
}

Upload upload_of(std::shared_ptr<std::string> text, std::shared_ptr<std::size_t> at, bool sized) {
  Upload upload;
  upload.read = [text, at](std::span<char> buffer) -> Result<std::size_t> {
    const std::size_t count = std::min(buffer.size(), text->size() - *at);
    std::copy_n(text->begin() + static_cast<std::ptrdiff_t>(*at), count, buffer.begin());
    *at += count;
    return count;
  };
  upload.rewind = [at] {
    *at = 0;
    return true;
  };
  if (sized) upload.size = text->size();
  return upload;
}

}  // namespace

TEST_CASE("an answer has status, headers and body, whatever the status") {
  const LoopbackServer server([](const Asked& asked) {
    return Answer{.status = asked.target == "/a?b=c" ? 200 : 404,
                  .fields = {{"X-Request-Id", "abc"}, {"Link", "<1>"}, {"Link", "<2>"}},
                  .body = asked.method + " " + asked.target};
  });
  Context context;
  const auto http = client();
  const auto found = must(http->send(context, {.url = url(server.origin() + "/a?b=c")}));
  CHECK(found.status == 200);
  CHECK(found.body == "GET /a?b=c");
  CHECK(found.request_id() == "abc");
  CHECK(found.headers.all("link").size() == 2);
  const auto missing = must(http->send(context, {.url = url(server.origin() + "/x")}));
  CHECK(missing.status == 404);
  CHECK(missing.body == "GET /x");
}

TEST_CASE("requests have the method, the headers and the body that were asked for, and nothing of libcurl's own") {
  const LoopbackServer server([](const Asked& asked) { return Answer{.body = asked.body}; });
  Context context;
  const auto http = client();
  for (const Method method : {Method::post, Method::put, Method::patch, Method::del}) {
    const std::string body = method == Method::del ? "" : std::string(100000, 'x') + std::string(1, '\0') + "y";
    const auto response = must(http->send(
        context,
        {.method = method, .url = url(server.origin() + "/p"), .headers = {{"Content-Type", "a/b"}}, .body = body}));
    CHECK(response.body == body);
    const Asked asked = server.asked().back();
    CHECK(asked.method == to_string(method));
    CHECK(asked.field("content-type") == "a/b");
    CHECK(asked.fields.count("Expect") == 0);
  }
  must(http->send(context, {.method = Method::post, .url = url(server.origin() + "/p"), .body = "q"}));
  CHECK(server.asked().back().fields.count("Content-Type") == 0);
  const auto head = must(http->send(context, {.method = Method::head, .url = url(server.origin() + "/p")}));
  CHECK(head.status == 200);
  CHECK(server.asked().back().method == "HEAD");
}

TEST_CASE("connections are reused across requests") {
  const LoopbackServer server([](const Asked&) { return Answer{.body = "x"}; });
  Context context;
  const auto http = client();
  for (int i = 0; i < 20; ++i) must(http->send(context, {.url = url(server.origin() + "/")}));
  CHECK(server.connections() == 1);
}

TEST_CASE("a request that would make a second thing gets a connection of its own") {
  const LoopbackServer server([](const Asked&) { return Answer{.body = "x"}; });
  Context context;
  const auto http = client();
  must(http->send(context, {.url = url(server.origin() + "/")}));
  must(http->send(context, {.method = Method::post, .url = url(server.origin() + "/"), .body = "x"}));
  CHECK(server.connections() == 2);
}

TEST_CASE("requests of one call run at the same time, and their answers keep the order") {
  std::atomic<int> waiting = 0;
  const LoopbackServer server([&](const Asked& asked) {
    ++waiting;
    auto sent = std::make_shared<bool>(false);
    return Answer{.stream = [&waiting, sent, asked](std::string& chunk) {
      // Answers only when all four are there.
      while (waiting < 4) std::this_thread::yield();
      chunk = asked.target;
      return std::exchange(*sent, true);
    }};
  });
  Context context;
  std::vector<Request> requests;
  for (int i = 0; i < 4; ++i) requests.push_back({.url = url(server.origin() + "/" + std::to_string(i))});
  const auto responses = client()->send_all(context, requests);
  for (int i = 0; i < 4; ++i)
    CHECK(must(responses[static_cast<std::size_t>(i)]).body.starts_with("/" + std::to_string(i)));
}

TEST_CASE("a stream gives its lines as they come, and ends when the reader has enough") {
  auto count = std::make_shared<std::atomic<int>>(0);
  const LoopbackServer server([count](const Asked&) {
    return Answer{.stream = [count](std::string& chunk) {
      chunk = "line " + std::to_string(++*count) + "\r\nhalf";
      return true;
    }};
  });
  Context context;
  std::vector<std::string> lines;
  const auto response = client()->send(
      context, {.url = url(server.origin() + "/"), .sink = by_lines([&](std::string_view line) -> Result<Flow> {
                                                     lines.emplace_back(line);
                                                     return lines.size() == 3 ? Flow::stop : Flow::more;
                                                   })});
  CHECK(must(response).status == 200);
  CHECK(lines == std::vector<std::string>{"line 1", "halfline 2", "halfline 3"});
}

TEST_CASE("an error of the reader ends the stream and is what comes back") {
  const LoopbackServer server([](const Asked&) { return Answer{.body = "some text\n"}; });
  Context context;
  const auto response =
      client()->send(context, {.url = url(server.origin() + "/"), .sink = [](std::string_view) -> Result<Flow> {
                                 return Error{.code = ErrorCode::unverified, .message = "no good"};
                               }});
  CHECK(code_of(response) == "unverified");
  CHECK(server.lines().size() == 1);
}

TEST_CASE("an answer that is no success goes past the sink, into the body") {
  const LoopbackServer server([](const Asked&) { return Answer{.status = 403, .body = "denied"}; });
  Context context;
  bool asked = false;
  const auto response = must(client()->send(context, {.url = url(server.origin() + "/"), .sink = [&](std::string_view) {
                                                        asked = true;
                                                        return Result<Flow>(Flow::more);
                                                      }}));
  CHECK(response.body == "denied");
  CHECK_FALSE(asked);
}

TEST_CASE("an upload is streamed, with and without its size, and begins again for another attempt") {
  int failures = 1;
  const LoopbackServer server(
      [&](const Asked& asked) { return Answer{.status = failures-- > 0 ? 503 : 200, .body = asked.body}; });
  Context context;
  for (const bool sized : {true, false}) {
    failures = 1;
    const auto text = std::make_shared<std::string>(300000, 'u');
    const auto at = std::make_shared<std::size_t>(0);
    const auto response = must(client()->send(context, {.method = Method::put,
                                                        .url = url(server.origin() + "/"),
                                                        .upload = upload_of(text, at, sized),
                                                        .retry = RetryClass::guarded}));
    CHECK(response.body == *text);
    CHECK(server.asked().back().fields.count("Content-Length") == (sized ? 1 : 0));
  }
}

TEST_CASE("an answer that is too long is an error, and a long error is cut") {
  const LoopbackServer server([](const Asked& asked) {
    return Answer{.status = asked.target == "/bad" ? 500 : 200, .body = std::string(200000, 'x')};
  });
  Context context;
  const auto long_one = client()->send(context, {.url = url(server.origin() + "/"), .max_body = 1000});
  CHECK(code_of(long_one) == "bad_answer");
  CHECK(long_one.error().http_status == 200);
  const auto bad = must(client()->send(context, {.url = url(server.origin() + "/bad"), .max_body = 1000}));
  CHECK(bad.body.size() == 65536);
}

TEST_CASE("a cancelled request ends within 100 ms") {
  const LoopbackServer server([](const Asked&) { return Answer{.silent = true}; });
  CancelToken cancel;
  Context context{.cancel = &cancel};
  steady_clock::time_point fired;
  std::thread other([&] {
    while (server.lines().empty()) std::this_thread::yield();
    fired = steady_clock::now();
    cancel.fire();
  });
  const auto response = client()->send(context, {.url = url(server.origin() + "/")});
  const auto took = steady_clock::now() - fired;
  other.join();
  CHECK(code_of(response) == "cancelled");
  CHECK(took < milliseconds(100));
  CHECK_FALSE(response.error().outcome_unknown);
}

TEST_CASE("a deadline ends a request in time, and says of a write that it may have happened") {
  const LoopbackServer server([](const Asked&) { return Answer{.silent = true}; });
  Context context{.deadline = steady_clock::now() + milliseconds(150)};
  const auto response =
      client()->send(context, {.method = Method::put, .url = url(server.origin() + "/"), .body = "x"});
  CHECK(code_of(response) == "timed_out");
  CHECK(response.error().outcome_unknown);
  CHECK(steady_clock::now() - *context.deadline < milliseconds(100));
}

TEST_CASE("a body that is cut off is an error, never a short answer") {
  const LoopbackServer server([](const Asked&) { return Answer{.body = "0123456789", .cut_after = 4}; });
  Context context;
  const auto read = client()->send(context, {.url = url(server.origin() + "/")});
  CHECK(code_of(read) == "unreachable");
  CHECK(server.lines().size() == 2);
  const auto write = client()->send(
      context, {.method = Method::put, .url = url(server.origin() + "/"), .body = "x", .retry = RetryClass::create});
  CHECK(code_of(write) == "outcome_unknown");
  CHECK(write.error().outcome_unknown);
  CHECK(server.lines().size() == 3);
}

TEST_CASE("a port where nothing listens is unreachable, and nothing is in doubt") {
  Context context;
  const auto response =
      client()->send(context, {.method = Method::post, .url = url("http://127.0.0.1:1/"), .body = "x"});
  CHECK(code_of(response) == "unreachable");
  CHECK_FALSE(response.error().outcome_unknown);
  CHECK(response.error().remote == "127.0.0.1:1");
}

TEST_CASE("without TLS only loopback and the hosts that are listed are spoken to") {
  CHECK(code_of(require_tls(url("http://registry.example/"), {})) == "bad_config");
  must(require_tls(url("http://registry.example/"), {"registry.example"}));
  must(require_tls(url("http://registry.example:5000/"), {"Registry.example:5000"}));
  CHECK(code_of(require_tls(url("http://registry.example:5001/"), {"registry.example:5000"})) == "bad_config");
  must(require_tls(url("https://registry.example/"), {}));
  must(require_tls(url("http://127.0.0.1:5000/"), {}));
  Context context;
  CHECK(code_of(client()->send(context, {.url = url("http://registry.example/")})) == "bad_config");
}

TEST_CASE("a server that ends the connection since it wants a client certificate is understood") {
  // OpenSSL's words; whether they arrive before the end of the connection is a matter of luck, so no server plays it.
  const Request put{.method = Method::put, .url = url("https://registry.example/")};
  const Error error =
      curl_error(CURLE_RECV_ERROR, put, true, false,
                 "OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0");
  CHECK(error.code == ErrorCode::unauthenticated);
  CHECK(error.message == "registry.example wants a client certificate");
  CHECK_FALSE(error.outcome_unknown);
}
