#include "servers/loopback_server.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>
#include <strings.h>
#include <thread>

#include <httplib.h>

namespace samebits::test {

bool NoCase::operator()(const std::string& left, const std::string& right) const {
  return ::strcasecmp(left.c_str(), right.c_str()) < 0;
}

std::string Asked::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

struct LoopbackServer::Body {
  Handler handler;
  bool tls = false;
  std::unique_ptr<httplib::Server> server;
  int port = 0;
  std::thread thread;
  mutable std::mutex mutex;
  std::condition_variable stopped_changed;
  bool stopped = false;
  std::vector<Asked> asked;
  std::set<int> peers;

  void answer(const httplib::Request& request, httplib::Response& response) {
    Asked one{.method = request.method, .target = request.target, .fields = {}, .body = request.body};
    for (const auto& [name, value] : request.headers) one.fields.emplace(name, value);
    Answer answer;
    {
      const std::lock_guard lock(mutex);
      asked.push_back(one);
      peers.insert(request.remote_port);
      answer = handler(one);
    }
    response.status = answer.status;
    std::string type = "application/octet-stream";
    for (const auto& [name, value] : answer.fields) {
      if (::strcasecmp(name.c_str(), "content-type") == 0)
        type = value;
      else
        response.headers.emplace(name, value);
    }
    if (answer.silent) {
      std::unique_lock lock(mutex);
      stopped_changed.wait(lock, [&] { return stopped; });
    } else if (answer.stream) {
      response.set_chunked_content_provider(type, [next = answer.stream](std::size_t, httplib::DataSink& sink) {
        std::string chunk;
        const bool more = next(chunk);
        if (!chunk.empty() && !sink.write(chunk.data(), chunk.size())) return false;
        if (!more) sink.done();
        return true;
      });
    } else if (answer.cut_after >= 0) {
      const auto sent = static_cast<std::size_t>(answer.cut_after);
      response.set_content_provider(
          answer.body.size(), type,
          [text = answer.body, sent](std::size_t offset, std::size_t, httplib::DataSink& sink) {
            if (offset < sent) sink.write(text.data() + offset, sent - offset);
            return offset < sent;
          });
    } else {
      response.set_content(answer.body, type);
    }
  }
};

LoopbackServer::LoopbackServer(Handler handler, const ServerTls* tls) : body_(std::make_unique<Body>()) {
  body_->handler = std::move(handler);
  body_->tls = tls != nullptr;
  if (tls != nullptr)
    body_->server = std::make_unique<httplib::SSLServer>(tls->certificate.c_str(), tls->key.c_str(),
                                                         tls->client_ca.empty() ? nullptr : tls->client_ca.c_str());
  else
    body_->server = std::make_unique<httplib::Server>();
  httplib::Server& server = *body_->server;
  server.set_keep_alive_max_count(100000);
  server.set_tcp_nodelay(true);
  server.new_task_queue = [] { return new httplib::ThreadPool(24); };
  // Before the routes, so that every method and path comes here.
  server.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    const bool has_body = request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
    if (has_body && request.method != "GET" && request.method != "HEAD")
      return httplib::Server::HandlerResponse::Unhandled;
    body_->answer(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
  const auto route = [this](const httplib::Request& request, httplib::Response& response) {
    body_->answer(request, response);
  };
  server.Post(".*", route).Put(".*", route).Patch(".*", route).Delete(".*", route);
  body_->port = server.bind_to_any_port("127.0.0.1");
  if (body_->port <= 0) throw std::runtime_error("no free port");
  body_->thread = std::thread([&server] { server.listen_after_bind(); });
  while (!server.is_running()) std::this_thread::yield();
}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard lock(body_->mutex);
    body_->stopped = true;
  }
  body_->stopped_changed.notify_all();
  body_->server->stop();
  body_->thread.join();
}

int LoopbackServer::port() const { return body_->port; }

std::string LoopbackServer::authority() const { return "127.0.0.1:" + std::to_string(port()); }

std::string LoopbackServer::origin() const { return (body_->tls ? "https://" : "http://") + authority(); }

std::vector<Asked> LoopbackServer::asked() const {
  const std::lock_guard lock(body_->mutex);
  return body_->asked;
}

std::vector<std::string> LoopbackServer::lines() const {
  std::vector<std::string> lines;
  for (const Asked& one : asked()) lines.push_back(one.method + " " + one.target);
  return lines;
}

int LoopbackServer::connections() const {
  const std::lock_guard lock(body_->mutex);
  return static_cast<int>(body_->peers.size());
}

void LoopbackServer::forget() {
  const std::lock_guard lock(body_->mutex);
  body_->asked.clear();
  body_->peers.clear();
}

}  // namespace samebits::test
