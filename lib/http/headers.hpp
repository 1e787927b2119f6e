#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace samebits::http {

struct Header {
  std::string name;
  std::string value;
  /// Goes to no other origin and into no log.
  bool secret = false;
};

/// Header fields in order; names are compared without case and may come several times.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields);

  /// `Authorization`, `Cookie` and the like are secret by their names; `secret` makes any other one so.
  void add(std::string_view name, std::string_view value, bool secret = false);
  /// Instead of all of that name.
  void set(std::string_view name, std::string_view value, bool secret = false);
  void remove(std::string_view name);
  void remove_secret();

  /// The first of that name; empty where there is none.
  std::string_view get(std::string_view name) const noexcept;
  std::vector<std::string_view> all(std::string_view name) const;
  bool has(std::string_view name) const noexcept;

  auto begin() const noexcept { return fields_.begin(); }
  auto end() const noexcept { return fields_.end(); }
  auto begin() noexcept { return fields_.begin(); }
  auto end() noexcept { return fields_.end(); }
  void clear() noexcept { fields_.clear(); }

 private:
  std::vector<Header> fields_;
};

bool equal_without_case(std::string_view left, std::string_view right) noexcept;
/// Without blanks and tabs around it.
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace samebits::http
