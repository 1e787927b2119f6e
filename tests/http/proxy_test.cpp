// Through tinyproxy. Loopback is always reached directly, so the servers are called 0.0.0.0 here, which leads to this
// machine as well.
#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "http/client.hpp"
#include "servers/front_servers.hpp"
#include "servers/loopback_server.hpp"
#include "servers/registry_server.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::http;
using namespace samebits::test;

namespace {

Answer hello(const Asked&) { return {.body = "hello"}; }

Result<Response> send(const CurlOptions& options, const std::string& url, Method method = Method::get) {
  Context context;
  const auto client = open_http(options, system_clock(), {.tries = 1});
  return client->send(context, {.method = method, .url = must(Url::parse(url))});
}

std::string elsewhere(const std::string& scheme, const LoopbackServer& server) {
  return scheme + "://0.0.0.0:" + std::to_string(server.port());
}

CurlOptions through(const std::string& proxy, const LoopbackServer& server) {
  return {.proxy = {.https = Secret("http://" + proxy), .http = Secret("http://" + proxy)},
          .insecure = {"0.0.0.0:" + std::to_string(server.port())}};
}

}  // namespace

TEST_CASE("requests go through the proxy that is given, and those to loopback and to bypassed hosts do not") {
  const TempFolder folder;
  const ProxyServer proxy(folder.path());
  const LoopbackServer server(hello);
  CurlOptions options = through(proxy.authority(), server);
  CHECK(must(send(options, elsewhere("http", server) + "/there")).body == "hello");
  CHECK(server.asked().back().field("via").find("a-proxy") != std::string::npos);
  CHECK(server.asked().back().target == "/there");
  must(send(options, server.origin() + "/here"));
  CHECK(server.asked().back().field("via").empty());
  options.proxy.bypass = "example.com,0.0.0.0";
  must(send(options, elsewhere("http", server) + "/there"));
  CHECK(server.asked().back().field("via").empty());
}

TEST_CASE("TLS goes through the proxy unread, and is verified to its end") {
  const TempFolder folder;
  make_certificate(folder.path());
  const ProxyServer proxy(folder.path());
  const ServerTls tls{.certificate = folder.path() / "server.pem", .key = folder.path() / "server.key"};
  const LoopbackServer server(hello, &tls);
  CurlOptions options = through(proxy.authority(), server);
  CHECK(code_of(send(options, elsewhere("https", server))) == "bad_answer");
  CHECK(server.asked().empty());
  options.ca_file = folder.path() / "ca.pem";
  CHECK(must(send(options, elsewhere("https", server))).body == "hello");
  CHECK(server.asked().back().field("via").empty());
}

TEST_CASE("a proxy's password is given to the proxy alone, and surfaces nowhere") {
  const TempFolder folder;
  make_certificate(folder.path());
  const ProxyServer proxy(folder.path(), "ada");
  const ServerTls tls{.certificate = folder.path() / "server.pem", .key = folder.path() / "server.key"};
  const LoopbackServer plain(hello);
  const LoopbackServer secure(hello, &tls);
  for (const LoopbackServer* server : {&plain, &secure}) {
    const std::string url = elsewhere(server == &plain ? "http" : "https", *server);
    CAPTURE(url);
    CurlOptions options = through(std::string("ada:") + ProxyServer::password + "@" + proxy.authority(), *server);
    options.ca_file = folder.path() / "ca.pem";
    CHECK(must(send(options, url)).body == "hello");
    CHECK(server->asked().back().field("proxy-authorization").empty());
  }
}

TEST_CASE("a proxy that refuses or is not there is named, and nothing is in doubt") {
  const TempFolder folder;
  const ProxyServer proxy(folder.path(), "ada");
  const LoopbackServer server(hello);
  const CurlOptions wrong = through("ada:wrong-0123@" + proxy.authority(), server);
  CHECK(must(send(wrong, elsewhere("http", server))).status == 401);
  const auto refused = send(wrong, elsewhere("https", server), Method::put);
  CHECK(code_of(refused) == "unauthenticated");
  CHECK(refused.error().message.find("proxy") != std::string::npos);
  CHECK_FALSE(refused.error().outcome_unknown);
  const auto absent = send(through("ada:wrong-0123@127.0.0.1:1", server), elsewhere("https", server), Method::put);
  CHECK(code_of(absent) == "unreachable");
  CHECK(absent.error().message.find("proxy") != std::string::npos);
  CHECK_FALSE(absent.error().outcome_unknown);
  CHECK(server.asked().empty());
  CHECK((text_of(refused.error()) + text_of(absent.error())).find("wrong-0123") == std::string::npos);
}
