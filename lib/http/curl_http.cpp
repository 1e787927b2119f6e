#include "http/curl_http.hpp"

#include <algorithm>
#include <mutex>

#include "core/text.hpp"
#include "core/try.hpp"
#include "http/curl_transfer.hpp"
#include "system/no_sigpipe.hpp"

namespace samebits::http {
namespace {

constexpr int poll_milliseconds = 50;
constexpr long max_host_connections = 8;

struct MultiClose {
  void operator()(CURLM* multi) const noexcept { libcurl().multi_cleanup(multi); }
};

/// The connections of one `send` at a time, and handles that are free.
struct Lane {
  std::unique_ptr<CURLM, MultiClose> multi{libcurl().multi_init()};
  std::vector<Easy> free;
};

/// The transfers of one `send_all`.
class Batch {
 public:
  Batch(const CurlOptions& options, Context& context, Lane& lane) : options_(options), context_(context), lane_(lane) {}
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() {
    for (auto& transfer : transfers_) {
      libcurl().multi_remove_handle(lane_.multi.get(), transfer->easy());
      lane_.free.push_back(transfer->release());
    }
  }

  void add(const Request& request) {
    Easy easy;
    if (lane_.free.empty()) {
      easy.reset(libcurl().easy_init());
    } else {
      easy = std::move(lane_.free.back());
      lane_.free.pop_back();
    }
    transfers_.push_back(std::make_unique<Transfer>(options_, request, std::move(easy)));
    start(*transfers_.back());
  }

  void run() {
    while (open_ > 0) {
      int running = 0;
      libcurl().multi_perform(lane_.multi.get(), &running);
      collect();
      if (open_ == 0) return;
      if (auto wanted = context_.check(); !wanted) {
        for (auto& transfer : transfers_) transfer->abandon(wanted.error());
        return;
      }
      libcurl().multi_poll(lane_.multi.get(), nullptr, 0, wait_milliseconds(), nullptr);
    }
  }

  std::vector<Result<Response>> take() {
    std::vector<Result<Response>> results;
    results.reserve(transfers_.size());
    for (auto& transfer : transfers_) results.push_back(transfer->take());
    return results;
  }

 private:
  void start(Transfer& transfer) {
    if (auto ready = transfer.prepare(); !ready) {
      transfer.abandon(std::move(ready).error());
      return;
    }
    libcurl().multi_add_handle(lane_.multi.get(), transfer.easy());
    ++open_;
  }

  void collect() {
    int left = 0;
    while (const CURLMsg* message = libcurl().multi_info_read(lane_.multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      char* self = nullptr;
      libcurl().easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
      auto& transfer = *static_cast<Transfer*>(static_cast<void*>(self));
      const bool over = transfer.finish(code, context_);
      libcurl().multi_remove_handle(lane_.multi.get(), transfer.easy());
      --open_;
      if (!over) start(transfer);
    }
  }

  int wait_milliseconds() const {
    if (!context_.deadline) return poll_milliseconds;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*context_.deadline - Context::Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, poll_milliseconds));
  }

  const CurlOptions& options_;
  Context& context_;
  Lane& lane_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  int open_ = 0;
};

class CurlHttp final : public Http {
 public:
  explicit CurlHttp(CurlOptions options) : options_(std::move(options)) {}

  std::vector<Result<Response>> send_all(Context& context, std::span<const Request> requests) override {
    if (auto ready = load_libcurl(); !ready) return refuse(requests, ready.error());
    if (auto wanted = context.check(); !wanted) return refuse(requests, wanted.error());
    const NoSigpipe quiet;
    std::unique_ptr<Lane> lane = borrow();
    std::vector<Result<Response>> results;
    {
      Batch batch(options_, context, *lane);
      for (const Request& request : requests) batch.add(request);
      batch.run();
      results = batch.take();
    }
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(lane));
    return results;
  }

 private:
  static std::vector<Result<Response>> refuse(std::span<const Request> requests, const Error& error) {
    return std::vector<Result<Response>>(requests.size(), error);
  }

  /// The lane that was used last has the warmest connections.
  std::unique_ptr<Lane> borrow() {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto lane = std::move(idle_.back());
      idle_.pop_back();
      return lane;
    }
    auto lane = std::make_unique<Lane>();
    libcurl().multi_setopt(lane->multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, max_host_connections);
    return lane;
  }

  CurlOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Lane>> idle_;
};

}  // namespace

Result<void> require_tls(const Url& url, const std::vector<std::string>& insecure) {
  if (url.is_https() || url.is_loopback()) return {};
  const std::string with_port = fmt::format("{}:{}", url.host(), url.port());
  const bool listed = std::any_of(insecure.begin(), insecure.end(), [&](const std::string& host) {
    return equal_without_case(host, url.host()) || equal_without_case(host, with_port);
  });
  if (listed) return {};
  return Error{.code = ErrorCode::bad_config,
               .message = fmt::format("{} would be spoken to without TLS", url.authority()),
               .hint = "use https, or list the host under insecure: in samebits.yaml",
               .remote = url.authority()};
}

std::unique_ptr<Http> open_curl(CurlOptions options) { return std::make_unique<CurlHttp>(std::move(options)); }

}  // namespace samebits::http
