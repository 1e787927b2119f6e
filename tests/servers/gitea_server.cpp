#include "servers/gitea_server.hpp"

#include <sstream>
#include <stdexcept>

#include <samebits/adapters.hpp>

#include "crypto/base64.hpp"
#include "http/client.hpp"
#include "json/json.hpp"

namespace samebits::test {
namespace {

std::vector<std::string> command_of(const std::filesystem::path& folder, const std::filesystem::path& certificate,
                                    const std::filesystem::path& key) {
  std::vector<std::string> command = {"/usr/bin/python3", SAMEBITS_SERVERS "/gitea.py", folder};
  if (!certificate.empty()) command.insert(command.end(), {certificate, key});
  return command;
}

}  // namespace

GiteaServer::GiteaServer(const std::filesystem::path& folder, const std::filesystem::path& certificate,
                         const std::filesystem::path& key)
    : process_(command_of(folder, certificate, key), "ready "), ca_(certificate) {
  std::istringstream words(process_.line_of("ready "));
  std::string ready;
  words >> ready >> url_ >> token_;
}

std::string GiteaServer::make_repository(const std::string& name, bool is_private) const {
  const auto made =
      api(http::Method::post, "/user/repos",
          R"({"name": ")" + name + R"(", "private": )" + (is_private ? "true" : "false") + R"(, "auto_init": false})");
  if (made.status != 201) throw std::runtime_error("no repository: " + made.body);
  return url_ + "/" + user + "/" + name + ".git";
}

std::string GiteaServer::make_token(const std::string& scope) const {
  static int made = 0;
  // Tokens are made by who knows the password: that of gitea.py.
  const std::string basic = "Basic " + base64_encode(std::string(user) + ":bot-password-1");
  const std::string name = scope + "-" + std::to_string(++made);
  const auto answer = ask(http::Method::post, std::string("/users/") + user + "/tokens",
                          R"({"name": ")" + name + R"(", "scopes": [")" + scope + R"("]})", basic);
  if (answer.status != 201) throw std::runtime_error("no token: " + answer.body);
  return parse_json(answer.body, "the answer")->text("sha1");
}

http::Response GiteaServer::api(http::Method method, const std::string& target, const std::string& json) const {
  return ask(method, target, json, "token " + token_);
}

http::Response GiteaServer::ask(http::Method method, const std::string& target, const std::string& json,
                                const std::string& authorization) const {
  const auto client = http::open_http({.ca_file = ca_}, system_clock());
  http::Request request{.method = method, .url = *http::Url::parse(url_ + "/api/v1" + target), .body = json};
  request.headers.set("Authorization", authorization);
  if (!json.empty()) request.headers.set("Content-Type", "application/json");
  Context context;
  auto response = client->send(context, request);
  if (!response) throw std::runtime_error(response.error().message);
  return *std::move(response);
}

}  // namespace samebits::test
