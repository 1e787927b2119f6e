#include "servers/relay_server.hpp"

#include <array>
#include <stdexcept>

#include "http/curl_http.hpp"

namespace samebits::test {
namespace {

http::Method method_of(const std::string& name) {
  using http::Method;
  for (const Method method : {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del})
    if (http::to_string(method) == name) return method;
  throw std::runtime_error("no method " + name);
}

constexpr std::array<const char*, 4> handed_on = {"Authorization", "Content-Type", "Accept", "If-None-Match"};
constexpr std::array<const char*, 5> handed_back = {"Content-Type", "Location", "Link", "ETag", "X-Total-Count"};

}  // namespace

RelayServer::RelayServer(std::string target)
    : target_(std::move(target)),
      http_(http::open_curl({})),
      server_([this](const Asked& asked) { return answer(asked); }) {}

void RelayServer::answer_first(std::function<std::optional<Answer>(const Asked&)> function) {
  const std::lock_guard lock(mutex_);
  before_ = std::move(function);
}

Answer RelayServer::answer(const Asked& asked) {
  const std::lock_guard lock(mutex_);
  if (before_)
    if (auto own = before_(asked)) return *own;
  http::Request request{.method = method_of(asked.method),
                        .url = *http::Url::parse(target_ + asked.target),
                        .body = asked.body,
                        .follow = false};
  for (const char* name : handed_on)
    if (const std::string value = asked.field(name); !value.empty()) request.headers.set(name, value);
  Context context;
  const auto response = http_->send(context, request);
  if (!response) return {.status = 502, .body = response.error().message};
  Answer given{.status = response->status, .fields = {}, .body = response->body};
  for (const char* name : handed_back)
    if (const auto value = response->headers.get(name); !value.empty()) given.fields.emplace(name, std::string(value));
  return given;
}

}  // namespace samebits::test
