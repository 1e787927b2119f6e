#include <doctest/doctest.h>

#include "http/link.hpp"
#include "http/redirect.hpp"
#include "support/must.hpp"

using namespace samebits;
using namespace samebits::http;
using namespace samebits::test;

namespace {

Url url(const std::string& text) { return must(Url::parse(text)); }

Response redirect(int status, const std::string& location) {
  return {.status = status, .headers = {{"Location", location}}, .url = {}};
}

std::string page_after(const std::string& link) {
  const auto next =
      next_page({.status = 200, .headers = {{"Link", link}}, .url = url("https://r.example/v2/a/tags/list")});
  if (!next) return std::string(to_string(next.error().code));
  return *next ? (*next)->str() : "none";
}

}  // namespace

TEST_CASE("a URL is a scheme, a host, a port and a target, and nothing else") {
  CHECK(url("https://Ghcr.IO/v2/").str() == "https://ghcr.io/v2/");
  CHECK(url("https://ghcr.io:443").str() == "https://ghcr.io/");
  CHECK(url("http://[::1]:5000/x?y=z#f").str() == "http://[::1]:5000/x?y=z");
  CHECK(url("https://h.example?q").target() == "/?q");
  CHECK(url("https://h.example/a?token=abc").shown() == "https://h.example/a");
  CHECK(url("https://git@h.example/a").user() == "git");
  CHECK(url("https://git@h.example/a").str() == "https://h.example/a");
  for (const std::string bad : {"", "ghcr.io", "ftp://x", "https://", "https://a b/", "https://h:0/",
                                "https://h:70000/", "https://h:x/", "https://user:password@h/", "https://h/\n",
                                "https://h\\x/", "https://[::1/", "file:///etc/passwd", "https://h%00/"}) {
    CHECK_MESSAGE(!Url::parse(bad), bad);
  }
  CHECK(Url::parse("https://user:hunter2secret@h.example/").error().message.find("hunter2") == std::string::npos);
}

TEST_CASE("a reference is taken from where it stands") {
  const Url base = url("https://r.example/v2/a/tags/list?n=5");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/v2/x", "https://r.example/v2/x"},
      {"more", "https://r.example/v2/a/tags/more"},
      {"?n=6", "https://r.example/v2/a/tags/list?n=6"},
      {"//other.example/x", "https://other.example/x"},
      {"http://other.example:81/", "http://other.example:81/"},
      {"../../b", "https://r.example/v2/b"},
      {"/../../etc", "https://r.example/etc"},
      {"", "https://r.example/v2/a/tags/list"}};
  for (const auto& [reference, expected] : cases) CHECK(must(base.resolve(reference)).str() == expected);
  CHECK_FALSE(base.resolve("javascript:alert(1)"));
}

TEST_CASE("loopback and private addresses are known by their numbers") {
  for (const std::string host : {"localhost", "127.0.0.1", "127.8.9.1", "[::1]"}) CHECK(is_loopback_host(host));
  for (const std::string host : {"localhost.example", "128.0.0.1", "127.0.0.1.example", "0.0.0.0", "[::2]"})
    CHECK_FALSE(is_loopback_host(host));
  for (const std::string host : {"10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
                                 "[fe80::1]", "[fd00::1]", "[::]", "[::ffff:169.254.169.254]"})
    CHECK_MESSAGE(is_private_address(host), host);
  for (const std::string host : {"8.8.8.8", "172.32.0.1", "ghcr.io", "[2001:db8::1]"})
    CHECK_FALSE_MESSAGE(is_private_address(host), host);
}

TEST_CASE("credentials stay at their scheme, host and port when a redirect leaves them") {
  const Request request{.url = url("https://r.example/a"),
                        .headers = {{"Authorization", "Bearer t"}, {"X-Mine", "m", true}, {"Accept", "x"}}};
  for (const std::string away : {"https://other.example/a", "https://r.example:444/a", "//sub.r.example/"}) {
    const auto next = *must(next_hop(request, redirect(307, away)));
    CHECK_FALSE(next.headers.has("authorization"));
    CHECK_FALSE(next.headers.has("x-mine"));
    CHECK(next.headers.get("accept") == "x");
  }
  const auto same = *must(next_hop(request, redirect(307, "/b")));
  CHECK(same.headers.get("authorization") == "Bearer t");
  CHECK(same.url.str() == "https://r.example/b");
  CHECK(code_of(next_hop(request, redirect(302, "http://r.example/a"))) == "bad_answer");
  CHECK(code_of(next_hop(request, redirect(302, "http://[bad"))) == "bad_answer");
}

TEST_CASE("only 307 and 308 carry a write further, with its method and body") {
  const Request put{.method = Method::put, .url = url("https://r.example/a"), .body = "bytes"};
  for (const int status : {307, 308}) {
    const auto next = *must(next_hop(put, redirect(status, "/b")));
    CHECK(next.method == Method::put);
    CHECK(next.body == "bytes");
  }
  for (const int status : {300, 301, 302, 303, 304, 200}) CHECK_FALSE(must(next_hop(put, redirect(status, "/b"))));
  const Request get{.url = url("https://r.example/a")};
  for (const int status : {301, 302, 303, 307, 308}) CHECK(must(next_hop(get, redirect(status, "/b"))));
  CHECK_FALSE(must(next_hop({.url = get.url, .follow = false}, redirect(302, "/b"))));
  CHECK_FALSE(must(next_hop(get, {.status = 302, .url = {}})));
}

TEST_CASE("the next page is what Link says, at the same origin") {
  CHECK(page_after("</v2/a/tags/list?last=x&n=5>; rel=\"next\"") == "https://r.example/v2/a/tags/list?last=x&n=5");
  CHECK(page_after("<list?last=x>; rel=next") == "https://r.example/v2/a/tags/list?last=x");
  CHECK(page_after("</p>; rel=\"prev\", </n>; title=\"a, b; rel=\\\"next\\\"\"; rel=\"last NEXT\"") ==
        "https://r.example/n");
  CHECK(page_after("<https://r.example:443/n>;rel=next") == "https://r.example/n");
  CHECK(page_after("<https://evil.example/n>; rel=\"next\"") == "bad_answer");
  CHECK(page_after("<http://r.example/n>; rel=\"next\"") == "bad_answer");
  for (const std::string none : {"", "junk", "<unclosed", "</a>; rel=\"prev\"", ", , ,", "</a>", "</a>; rel"})
    CHECK(page_after(none) == "none");
}
