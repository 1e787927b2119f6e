#include "http/retry.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>
#include <random>

#include "core/text.hpp"
#include "http/libcurl.hpp"
#include "http/status_error.hpp"

namespace samebits::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::int64_t longest_wait = 86400;
/// For what is over in a moment: so many tries more, the first after this.
constexpr int looks = 2;
constexpr milliseconds shortest{50};
/// Where a secondary limit says nothing. Source: GitHub's REST API, "Exceeding the rate limit".
constexpr std::int64_t shortest_secondary_wait = 60;

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> date(std::string_view text) {
  if (!load_libcurl()) return std::nullopt;
  const auto time = libcurl().getdate(std::string(text).c_str(), nullptr);
  return time < 0 ? std::nullopt : std::optional<std::int64_t>(time);
}

/// One request of a batch that is tried again.
struct Try {
  std::size_t index;
  /// Whether its sink was given something: what was delivered cannot be taken back.
  std::shared_ptr<bool> delivered = std::make_shared<bool>(false);
};

class RetryingHttp final : public Http {
 public:
  RetryingHttp(std::unique_ptr<Http> inner, Clock& clock, RetryPolicy policy)
      : inner_(std::move(inner)), clock_(clock), policy_(policy) {}

  std::vector<Result<Response>> send_all(Context& context, std::span<const Request> requests) override {
    std::vector<Result<Response>> results(requests.size(), Error{});
    std::vector<Try> open;
    for (std::size_t i = 0; i < requests.size(); ++i) open.push_back({.index = i});
    // How often that was waited for which a server needs to recover.
    int waits = 0;
    for (int attempt = 1;; ++attempt) {
      send_open(context, requests, open, results);
      std::erase_if(
          open, [&](const Try& one) { return *one.delivered || !may_repeat(requests[one.index], results[one.index]); });
      const bool at_once = attempt <= looks && is_own_race(requests, open, results);
      if (open.empty() || (!at_once && waits + 1 >= policy_.tries)) return results;
      const milliseconds wait = at_once ? some_of(attempt * shortest) : longest_of(open, results, ++waits);
      if (!fits(context, wait)) return results;
      note(context, requests[open.front().index], wait);
      if (!clock_.pause(context, wait)) return results;
      std::erase_if(open, [&](const Try& one) { return !can_begin_again(requests[one.index]); });
      if (open.empty()) return results;
    }
  }

 private:
  void send_open(Context& context, std::span<const Request> requests, const std::vector<Try>& open,
                 std::vector<Result<Response>>& results) {
    std::vector<Request> batch;
    for (const Try& one : open) {
      batch.push_back(requests[one.index]);
      if (!batch.back().sink) continue;
      batch.back().sink = [sink = requests[one.index].sink, delivered = one.delivered](std::string_view chunk) {
        *delivered = true;
        return sink(chunk);
      };
    }
    auto answers = inner_->send_all(context, batch);
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (answers[i]) answers[i]->retry_after = retry_after_of(*answers[i], clock_.now());
      results[open[i].index] = std::move(answers[i]);
    }
  }

  static bool is_own_race(std::span<const Request> requests, const std::vector<Try>& open,
                          const std::vector<Result<Response>>& results) {
    return std::all_of(open.begin(), open.end(), [&](const Try& one) {
      const auto& result = results[one.index];
      return requests[one.index].look_again && result && result->status == 500 && !result->retry_after;
    });
  }

  milliseconds longest_of(const std::vector<Try>& open, const std::vector<Result<Response>>& results, int wait) {
    milliseconds longest{0};
    for (const Try& one : open) {
      const auto& result = results[one.index];
      longest = std::max(longest, result && result->retry_after ? milliseconds(*result->retry_after) : backoff(wait));
    }
    return longest;
  }

  milliseconds backoff(int wait) {
    auto ceiling = policy_.base.count();
    for (int i = 1; i < wait; ++i) ceiling *= 3;
    return some_of(milliseconds(ceiling));
  }

  /// With jitter: not all that failed together come back together.
  milliseconds some_of(milliseconds ceiling) {
    const std::lock_guard lock(mutex_);
    return milliseconds(std::uniform_int_distribution(ceiling.count() / 2, ceiling.count())(random_));
  }

  bool fits(const Context& context, milliseconds wait) const {
    if (!context.deadline) return wait <= policy_.patience;
    return Context::Clock::now() + wait < *context.deadline;
  }

  static void note(Context& context, const Request& request, milliseconds wait) {
    if (context.log) context.note(LogLevel::info, fmt::format("{}: once more in {} ms", request.shown(), wait.count()));
  }

  static bool can_begin_again(const Request& request) {
    return !request.upload.read || (request.upload.rewind && request.upload.rewind());
  }

  std::unique_ptr<Http> inner_;
  Clock& clock_;
  RetryPolicy policy_;
  std::mutex mutex_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

std::optional<seconds> retry_after_of(const Response& response, Time now) {
  std::optional<std::int64_t> wait;
  const std::int64_t our_now = now.time_since_epoch().count();
  if (const std::string_view text = response.headers.get("retry-after"); !text.empty()) {
    wait = number(text);
    if (const auto until = wait ? std::nullopt : date(text))
      wait = *until - date(response.headers.get("date")).value_or(our_now);
  } else if (is_rate_limited(response) && response.headers.get("x-ratelimit-remaining") == "0") {
    if (const auto until = number(response.headers.get("x-ratelimit-reset"))) wait = *until - our_now;
  } else if (is_rate_limited(response) && response.status == 403) {
    wait = shortest_secondary_wait;
  }
  if (!wait) return std::nullopt;
  return seconds(std::clamp<std::int64_t>(*wait, 0, longest_wait));
}

bool may_repeat(const Request& request, const Result<Response>& result) {
  if (request.once) return false;
  const bool creates = request.retry_class() == RetryClass::create;
  // A request that a rate limit refused was not carried out, and neither was one that did not get through.
  if (result) return is_rate_limited(*result) || (!creates && is_server_failure(result->status));
  if (result.error().code == ErrorCode::unreachable) return true;
  return !creates && result.error().code == ErrorCode::outcome_unknown;
}

std::unique_ptr<Http> with_retries(std::unique_ptr<Http> inner, Clock& clock, RetryPolicy policy) {
  return std::make_unique<RetryingHttp>(std::move(inner), clock, policy);
}

}  // namespace samebits::http
