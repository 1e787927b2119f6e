#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <variant>

namespace samebits {

/// A fact: not fetched (unknown), looked for and not there (absent), or there (a value).
/// What was not fetched can never pass for absent: asking an unknown fact for its value is our own mistake.
template <class T>
class Known {
 public:
  Known() = default;
  Known(T value) : state_(std::in_place_index<value_index>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  /// Absent where `found` is empty.
  static Known from(std::optional<T> found) { return found ? Known(*std::move(found)) : absent(); }
  static Known absent() {
    Known known;
    known.state_.template emplace<absent_index>();
    return known;
  }

  bool is_unknown() const noexcept { return state_.index() == 0; }
  bool is_absent() const noexcept { return state_.index() == absent_index; }
  bool has_value() const noexcept { return state_.index() == value_index; }

  const T& operator*() const noexcept { return *std::get_if<value_index>(&state_); }
  const T* operator->() const noexcept { return std::get_if<value_index>(&state_); }

 private:
  static constexpr std::size_t absent_index = 1;
  static constexpr std::size_t value_index = 2;
  std::variant<std::monostate, std::monostate, T> state_;
};

}  // namespace samebits
