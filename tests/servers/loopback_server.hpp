#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace samebits::test {

struct NoCase {
  bool operator()(const std::string& left, const std::string& right) const;
};
using Fields = std::multimap<std::string, std::string, NoCase>;

/// A request as the server saw it.
struct Asked {
  std::string method;
  /// Path and query.
  std::string target;
  Fields fields;
  std::string body;

  std::string field(const std::string& name) const;
  std::string path() const { return target.substr(0, target.find('?')); }
};

struct Answer {
  int status = 200;
  Fields fields = {};
  std::string body = {};
  /// Closes the connection after this many bytes of the body, which is announced whole.
  int cut_after = -1;
  /// Instead of `body`: called until it gives false; what it puts into the text is sent at once.
  std::function<bool(std::string& chunk)> stream = {};
  /// Sends nothing at all until the server stops.
  bool silent = false;
};

/// PEM files of a server; with `client_ca` it wants a client certificate.
struct ServerTls {
  std::string certificate;
  std::string key;
  std::string client_ca = {};
};

/// An HTTP/1.1 server on 127.0.0.1, at a free port, that a test's function answers for. Thread: the function is called
/// by several threads, one at a time.
class LoopbackServer {
 public:
  using Handler = std::function<Answer(const Asked&)>;
  explicit LoopbackServer(Handler handler, const ServerTls* tls = nullptr);
  ~LoopbackServer();

  int port() const;
  /// `127.0.0.1:PORT`.
  std::string authority() const;
  /// `http://127.0.0.1:PORT`, or `https://`.
  std::string origin() const;
  std::vector<Asked> asked() const;
  /// `METHOD target` of each request.
  std::vector<std::string> lines() const;
  /// Connections that were opened.
  int connections() const;
  void forget();

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace samebits::test
