#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "servers/loopback_server.hpp"

namespace samebits::test {

/// A registry in memory that can be made to do what real ones cannot be made to do. Speaks the part of the
/// distribution API that tags need; `/token` is its token server.
class RegistryDouble {
 public:
  struct Stored {
    std::string media_type;
    std::string bytes;
  };
  enum class Auth { none, basic, bearer };

  explicit RegistryDouble(Auth auth = Auth::none);

  /// Stores a manifest and gives its digest; with a tag, points that at it.
  std::string put(const std::string& media_type, const std::string& bytes, const std::string& tag = "");
  /// The digest of a tag; empty where it is absent.
  std::string tag(const std::string& name) const;
  void set_tag(const std::string& name, const std::string& digest);
  void remove_tag(const std::string& name);

  /// Called first; an answer of its own goes out instead, and nothing is done.
  std::function<std::optional<Answer>(const Asked&)> before;
  /// Sets `before` while requests may come; returns when none is answered by the one that was there.
  void answer_first(std::function<std::optional<Answer>(const Asked&)> function);
  /// Called when it is done; may change the answer.
  std::function<void(const Asked&, Answer&)> after;
  /// What the token server grants: `pull`, `push`.
  std::string grants = "pull,push";
  int page = 1000;

  LoopbackServer& server() { return server_; }
  /// `127.0.0.1:PORT/app`.
  std::string repository() const { return server_.authority() + "/app"; }
  /// `METHOD target` of requests to manifests and lists, without the host's own.
  int count(const std::string& method) const;

  static constexpr const char* username = "robot$ci+bot";
  static constexpr const char* password = "pa:ss-0123456789";

 private:
  Answer answer(const Asked& asked);
  Answer serve(const Asked& asked);
  std::optional<Answer> refuse(const Asked& asked) const;
  Answer give_token(const Asked& asked) const;
  Answer read(const Asked& asked, const std::string& reference) const;
  Answer write(const Asked& asked, const std::string& reference);
  Answer list(const Asked& asked) const;

  Auth auth_;
  mutable std::recursive_mutex mutex_;
  std::map<std::string, Stored> manifests_;
  std::map<std::string, std::string> tags_;
  // Last: it begins to answer when it is made.
  LoopbackServer server_;
};

/// `{"errors": [{"code": ..., "message": ...}]}`.
Answer registry_error(int status, const std::string& code, const std::string& message);

/// A two-platform index of its own for each `name`, and the manifest of one of its platforms.
std::string sample_index(const std::string& name);
std::string sample_manifest(const std::string& name);

}  // namespace samebits::test
