#pragma once

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "handles.hpp"

namespace samebits::capi {

/// What a call gives: a document, how it ends, and bytes where there are some.
struct Outcome {
  std::string json;
  ErrorKind kind = ErrorKind::none;
  std::optional<std::string> bytes = {};
};

/// The result where there is no memory for one; never freed.
sb_result* out_of_memory_result() noexcept;

/// Hands over the outcome or the error. Without memory it is the result that says so.
sb_code deliver(sb_result** result, Result<Outcome>&& outcome) noexcept;
sb_code deliver_out_of_memory(sb_result** result) noexcept;
sb_code deliver_fault(sb_result** result, const char* what) noexcept;

/// Runs the body of a function that gives a result: no exception leaves it.
template <class Body>
sb_code guard(sb_result** result, Body body) noexcept {
  try {
    return deliver(result, body());
  } catch (const std::bad_alloc&) {
    return deliver_out_of_memory(result);
  } catch (const std::exception& failure) {
    return deliver_fault(result, failure.what());
  } catch (...) {
    return deliver_fault(result, "an exception of a type that nobody knows");
  }
}

/// The text of a request; NULL and nothing are {}.
inline std::string_view request_text(const char* json) noexcept {
  return json == nullptr || *json == '\0' ? std::string_view("{}") : std::string_view(json);
}

/// Marks a client as in a call, while it lives.
class OneCall {
 public:
  explicit OneCall(sb_client* client) noexcept
      : client_(client), taken_(client == nullptr || !client->busy.exchange(true)) {}
  OneCall(const OneCall&) = delete;
  OneCall& operator=(const OneCall&) = delete;
  ~OneCall() {
    if (taken_ && client_ != nullptr) client_->busy.store(false);
  }
  /// Errors: bad_request if another call is running on the client.
  Result<void> check() const;

 private:
  sb_client* client_;
  bool taken_;
};

/// Errors: bad_request without a client.
Result<void> require_client(const sb_client* client);

}  // namespace samebits::capi
