#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include <samebits/network.hpp>

#include "http/redact.hpp"

namespace samebits {

/// What a client was given to prove who asks, or was told since, kept out of all that it shows.
/// Thread: safe.
class KnownSecrets {
 public:
  explicit KnownSecrets(const NetworkOptions& options);

  void learn(const Credential& credential);
  /// The password in a URL.
  void learn_url(std::string_view url);

  std::string redacted(std::string_view text) const;
  void redact(Error& error) const;
  /// The texts in a document, by longer secrets alone: what is wrong in a line for people must not be in data.
  std::string redacted_document(std::string json) const;

 private:
  void learn(std::string_view secret);
  /// The lines of a PEM file, each by itself: a line for people holds one at most.
  void learn_key(std::string_view pem);

  mutable std::mutex mutex_;
  http::Redactor all_;
  http::Redactor longer_;
};

}  // namespace samebits
