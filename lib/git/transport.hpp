#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <samebits/context.hpp>
#include <samebits/credentials.hpp>
#include <samebits/network.hpp>

#include "http/http.hpp"

namespace samebits::git {

/// What a server said.
struct Answer {
  std::string body = {};
  /// More came than was wanted; the body is cut.
  bool too_long = false;
};

/// How the messages of Git's protocol reach a remote repository and come back. Thread: one at a time.
class Transport {
 public:
  virtual ~Transport() = default;
  /// For messages and documents; holds no secret.
  virtual std::string location() const = 0;
  /// What `git-upload-pack` advertises by protocol version 2, from its first packet on.
  virtual Result<Answer> capabilities(Context& context) = 0;
  /// One command of protocol version 2.
  virtual Result<Answer> upload_pack(Context& context, const std::string& command, std::size_t max_bytes) = 0;
  /// One push. Errors: outcome_unknown if the answer was lost.
  virtual Result<Answer> receive_pack(Context& context, const std::string& push) = 0;
};

/// Smart HTTP. `http` and `credentials` are borrowed. Errors: bad_option if `url` is none.
/// Source: gitprotocol-http(5).
Result<std::unique_ptr<Transport>> open_http_transport(std::string_view url, http::Http& http,
                                                       Credentials& credentials);

/// The user's own ssh, once for each message. Errors: bad_option if `location` names no repository that it reaches.
/// Source: gitprotocol-pack(5), "SSH Transport".
Result<std::unique_ptr<Transport>> open_ssh_transport(std::string_view location, const GitPrograms& programs);

}  // namespace samebits::git
