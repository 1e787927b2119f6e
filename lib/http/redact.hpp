#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/http.hpp"

namespace samebits::http {

/// Texts that must not surface.
class Redactor {
 public:
  /// What is secret in a request: values of secret headers, secret parameters of the query, and what it says itself.
  void learn(const Request& request);
  /// One text; those of less than four bytes are passed over.
  void learn(std::string_view secret);
  /// `text` with every secret as `***`.
  std::string redacted(std::string_view text) const;
  void redact(Error& error) const;
  /// Of an answer that is no success: its body and headers, which may repeat what was sent.
  void redact(Response& response) const;

 private:
  /// The longest first, since one may hold another.
  std::vector<std::string> secrets_;
};

/// Keeps secrets of requests out of log lines, errors and the answers that errors are made of, at every level.
std::unique_ptr<Http> with_redaction(std::unique_ptr<Http> inner);

}  // namespace samebits::http
