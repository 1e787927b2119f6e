#include "http/headers.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace samebits::http {
namespace {

constexpr std::array<std::string_view, 8> secret_names = {"authorization", "proxy-authorization", "cookie",
                                                          "private-token", "job-token",           "deploy-token",
                                                          "x-api-key",     "x-registry-auth"};

bool is_secret(std::string_view name) {
  return std::any_of(secret_names.begin(), secret_names.end(),
                     [&](std::string_view secret) { return equal_without_case(name, secret); });
}

}  // namespace

Headers::Headers(std::initializer_list<Header> fields) {
  for (const Header& field : fields) add(field.name, field.value, field.secret);
}

void Headers::add(std::string_view name, std::string_view value, bool secret) {
  fields_.push_back({.name = std::string(name), .value = std::string(value), .secret = secret || is_secret(name)});
}

void Headers::set(std::string_view name, std::string_view value, bool secret) {
  remove(name);
  add(name, value, secret);
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const Header& field) { return equal_without_case(field.name, name); });
}

void Headers::remove_secret() {
  std::erase_if(fields_, [](const Header& field) { return field.secret; });
}

std::string_view Headers::get(std::string_view name) const noexcept {
  for (const Header& field : fields_)
    if (equal_without_case(field.name, name)) return field.value;
  return {};
}

std::vector<std::string_view> Headers::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const Header& field : fields_)
    if (equal_without_case(field.name, name)) values.push_back(field.value);
  return values;
}

bool Headers::has(std::string_view name) const noexcept {
  return std::any_of(fields_.begin(), fields_.end(),
                     [&](const Header& field) { return equal_without_case(field.name, name); });
}

bool equal_without_case(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace samebits::http
