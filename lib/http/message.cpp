#include <array>

#include "core/text.hpp"
#include "http/http.hpp"

namespace samebits::http {
namespace {

constexpr std::array<std::string_view, 5> request_id_names = {"x-github-request-id", "x-request-id", "x-amzn-requestid",
                                                              "x-ms-correlation-request-id", "x-correlation-id"};

}  // namespace

std::string_view to_string(Method method) noexcept {
  constexpr std::array<std::string_view, 6> names = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  return names[static_cast<std::size_t>(method)];
}

std::string Request::shown() const { return fmt::format("{} {}", to_string(method), url.shown()); }

std::string Response::media_type() const {
  const std::string_view value = headers.get("content-type");
  return lower(trimmed(value.substr(0, value.find(';'))));
}

std::string Response::request_id() const {
  for (const std::string_view name : request_id_names)
    if (const std::string_view value = headers.get(name); !value.empty()) return printable(value, 128);
  return {};
}

}  // namespace samebits::http
