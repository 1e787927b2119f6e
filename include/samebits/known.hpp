#pragma once

#include <optional>
#include <utility>

namespace samebits {

/// A fact: not fetched (unknown), looked for and not there (absent), or there (a value).
/// What was not fetched can never pass for absent: asking an unknown fact for its value is our own mistake.
template <class T>
class Known {
 public:
  Known() = default;
  Known(T value) : state_(State::value), value_(std::move(value)) {}  // NOLINT(google-explicit-constructor)
  /// Absent where `found` is empty.
  static Known from(std::optional<T> found) {
    Known known;
    known.state_ = found ? State::value : State::absent;
    known.value_ = std::move(found);
    return known;
  }
  static Known absent() { return from(std::nullopt); }

  bool is_unknown() const noexcept { return state_ == State::unknown; }
  bool is_absent() const noexcept { return state_ == State::absent; }
  bool has_value() const noexcept { return state_ == State::value; }

  const T& operator*() const { return *value_; }
  const T* operator->() const { return &*value_; }

 private:
  enum class State { unknown, absent, value };
  State state_ = State::unknown;
  std::optional<T> value_;
};

}  // namespace samebits
