#include "http/redact.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace samebits::http {
namespace {

/// Shorter ones would be found in any text.
constexpr std::size_t shortest_secret = 4;
constexpr std::size_t longest_line = 2000;

constexpr std::array<std::string_view, 8> secret_parameters = {"token",      "secret", "password", "signature",
                                                               "credential", "key",    "sig",      "code"};

bool is_secret_parameter(std::string_view name) {
  const std::string words = lower(name);
  return std::any_of(secret_parameters.begin(), secret_parameters.end(),
                     [&](std::string_view part) { return words.find(part) != std::string::npos; });
}

class RedactingHttp final : public Http {
 public:
  explicit RedactingHttp(std::unique_ptr<Http> inner) : inner_(std::move(inner)) {}

  std::vector<Result<Response>> send_all(Context& context, std::span<const Request> requests) override {
    Redactor redactor;
    for (const Request& request : requests) redactor.learn(request);
    Context quiet = context;
    if (context.log)
      quiet.log = [&](LogLevel level, std::string_view line) {
        context.note(level, printable(redactor.redacted(line), longest_line));
      };
    auto results = inner_->send_all(quiet, requests);
    for (auto& result : results) {
      if (!result) {
        Error error = std::move(result).error();
        redactor.redact(error);
        result = std::move(error);
      } else if (!result->ok()) {
        redactor.redact(*result);
      }
    }
    return results;
  }

 private:
  std::unique_ptr<Http> inner_;
};

}  // namespace

void Redactor::learn(std::string_view secret) {
  if (secret.size() < shortest_secret || std::find(secrets_.begin(), secrets_.end(), secret) != secrets_.end()) return;
  secrets_.emplace_back(secret);
  std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

void Redactor::learn(const Request& request) {
  for (const std::string& secret : request.secrets) learn(secret);
  for (const Header& field : request.headers) {
    if (!field.secret) continue;
    learn(field.value);
    if (const auto blank = field.value.find(' '); blank != std::string::npos)
      learn(std::string_view(field.value).substr(blank + 1));
  }
  if (request.url.query().empty()) return;
  for (const std::string_view parameter : split(request.url.query(), '&'))
    if (const auto equals = parameter.find('='); equals != std::string_view::npos)
      if (is_secret_parameter(parameter.substr(0, equals))) learn(parameter.substr(equals + 1));
}

std::string Redactor::redacted(std::string_view text) const {
  std::string clean(text);
  for (const std::string& secret : secrets_)
    for (auto at = clean.find(secret); at != std::string::npos; at = clean.find(secret, at + 3))
      clean.replace(at, secret.size(), "***");
  return clean;
}

void Redactor::redact(Error& error) const {
  for (std::string* text : {&error.message, &error.hint, &error.remote, &error.operation, &error.request_id})
    *text = redacted(*text);
}

void Redactor::redact(Response& response) const {
  response.body = redacted(response.body);
  for (Header& field : response.headers) field.value = redacted(field.value);
}

std::unique_ptr<Http> with_redaction(std::unique_ptr<Http> inner) {
  return std::make_unique<RedactingHttp>(std::move(inner));
}

}  // namespace samebits::http
