#include <algorithm>
#include <charconv>

#include <samebits/documents.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "json/json.hpp"

namespace samebits {
namespace {

/// Takes the members of a request one by one; what nobody took is refused, with the nearest name.
class RequestReader {
 public:
  static Result<RequestReader> open(std::string_view text) {
    SB_TRY(auto json, parse_json(text, "the request"));
    if (json.object() == nullptr)
      return Error{.code = ErrorCode::bad_request, .message = "the request is no JSON object", .hint = "give {...}"};
    return RequestReader(std::move(json));
  }

  RequestReader& text(std::string_view name, std::string& into) {
    if (const Json* value = take(name))
      value->string() != nullptr ? void(into = *value->string()) : wrong(name, "text");
    return *this;
  }
  RequestReader& flag(std::string_view name, bool& into) {
    if (const Json* value = take(name))
      value->boolean() != nullptr ? void(into = *value->boolean()) : wrong(name, "true or false");
    return *this;
  }
  template <class Number>
  RequestReader& number(std::string_view name, Number& into) {
    if (const Json* value = take(name)) {
      if (value->integer() != nullptr && *value->integer() >= 0) {
        into = static_cast<Number>(*value->integer());
      } else {
        wrong(name, "a whole number");
      }
    }
    return *this;
  }
  /// One text or a list of texts.
  RequestReader& texts(std::string_view name, std::vector<std::string>& into) {
    const Json* value = take(name);
    if (value == nullptr) return *this;
    if (value->string() != nullptr) into.push_back(*value->string());
    if (value->string() == nullptr && value->array() == nullptr) wrong(name, "text or a list of texts");
    for (const Json& item : value->array() != nullptr ? *value->array() : Json::Array())
      item.string() != nullptr ? into.push_back(*item.string()) : wrong(name, "a list of texts");
    return *this;
  }

  Result<void> finish() {
    if (failure_) return *failure_;
    for (const auto& [name, value] : *json_.object()) {
      if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
      const std::string near = nearest(name, known_);
      return Error{.code = ErrorCode::bad_request,
                   .message = fmt::format("the request has the unknown member '{}'", printable(name)),
                   .hint = near.empty() ? fmt::format("known are: {}", fmt::join(known_, ", "))
                                        : fmt::format("did you mean '{}'?", near)};
    }
    return {};
  }

 private:
  explicit RequestReader(Json json) : json_(std::move(json)) {}

  const Json* take(std::string_view name) {
    known_.emplace_back(name);
    const Json* found = json_.find(name);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  void wrong(std::string_view name, std::string_view what) {
    if (!failure_)
      failure_ = Error{.code = ErrorCode::bad_request,
                       .message = fmt::format("the member '{}' of the request must be {}", name, what),
                       .hint = {}};
  }

  Json json_;
  std::vector<std::string> known_;
  std::optional<Error> failure_;
};

}  // namespace

Result<PromoteRequest> parse_promote_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  PromoteRequest request;
  SB_CHECK(reader.text("environment", request.environment)
               .text("sha", request.sha)
               .texts("service", request.services)
               .flag("adopt", request.adopt)
               .flag("dryRun", request.dry_run)
               .finish());
  return request;
}

Result<PreviewUpRequest> parse_preview_up_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  PreviewUpRequest request;
  SB_CHECK(reader.number("pr", request.pr)
               .text("sha", request.sha)
               .text("service", request.service)
               .flag("adopt", request.adopt)
               .flag("dryRun", request.dry_run)
               .finish());
  return request;
}

Result<PreviewDownRequest> parse_preview_down_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  PreviewDownRequest request;
  SB_CHECK(reader.number("pr", request.pr).text("service", request.service).flag("dryRun", request.dry_run).finish());
  return request;
}

Result<ReleaseRequest> parse_release_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ReleaseRequest request;
  SB_CHECK(reader.text("version", request.version)
               .text("sha", request.sha)
               .text("service", request.service)
               .flag("adopt", request.adopt)
               .flag("dryRun", request.dry_run)
               .finish());
  return request;
}

Result<RollbackRequest> parse_rollback_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  RollbackRequest request;
  SB_CHECK(reader.text("target", request.target)
               .text("to", request.to)
               .texts("service", request.services)
               .flag("dryRun", request.dry_run)
               .finish());
  return request;
}

Result<GatePostRequest> parse_gate_post_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  GatePostRequest request;
  SB_CHECK(reader.text("gate", request.gate)
               .text("sha", request.sha)
               .text("conclusion", request.conclusion)
               .text("digest", request.digest)
               .text("url", request.url)
               .text("summary", request.summary)
               .text("service", request.service)
               .flag("dryRun", request.dry_run)
               .finish());
  return request;
}

Result<GateShowRequest> parse_gate_show_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  GateShowRequest request;
  SB_CHECK(reader.text("sha", request.sha).text("gate", request.gate).text("service", request.service).finish());
  return request;
}

Result<HistoryRequest> parse_history_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  HistoryRequest request;
  SB_CHECK(reader.text("environment", request.environment)
               .text("service", request.service)
               .number("limit", request.limit)
               .finish());
  return request;
}

Result<TraceRequest> parse_trace_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  TraceRequest request;
  SB_CHECK(reader.text("ref", request.ref).text("service", request.service).finish());
  return request;
}

Result<CheckRequest> parse_check_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  CheckRequest request;
  SB_CHECK(reader.flag("all", request.all).finish());
  return request;
}

Result<ClientOptions> parse_client_options(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ClientOptions options;
  std::string config;
  std::string author;
  std::string timeout;
  std::string cache;
  SB_CHECK(reader.text("gitops", options.gitops)
               .text("branch", options.branch)
               .text("config", config)
               .text("author", author)
               .text("message", options.promoter.message)
               .text("timeout", timeout)
               .text("cache", cache)
               .finish());
  if (options.gitops.empty())
    return Error{.code = ErrorCode::bad_request,
                 .message = "the configuration names no GitOps repository",
                 .hint = "give {\"gitops\": \"FOLDER\"}"};
  if (!config.empty()) options.promoter.config = config;
  if (!author.empty()) {
    SB_TRY(options.promoter.author, Person::parse(author));
  }
  if (!timeout.empty()) {
    SB_TRY(options.promoter.timeout, parse_duration(timeout));
  }
  return options;
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const Error bad{.code = ErrorCode::bad_option,
                  .message = fmt::format("'{}' is no duration", printable(text)),
                  .hint = "write 90s, 5m or 1h30m"};
  std::int64_t seconds = 0;
  std::string_view rest = text;
  std::int64_t largest = 1000000;
  while (!rest.empty()) {
    std::int64_t count = 0;
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
    const auto used = static_cast<std::size_t>(end - rest.data());
    if (failure != std::errc() || count < 0 || count > 1000000 || used == rest.size()) return bad;
    const std::int64_t unit = rest[used] == 'h' ? 3600 : rest[used] == 'm' ? 60 : rest[used] == 's' ? 1 : 0;
    if (unit == 0 || unit >= largest) return bad;
    largest = unit;
    seconds += count * unit;
    rest.remove_prefix(used + 1);
  }
  if (seconds == 0) return bad;
  return std::chrono::milliseconds(seconds * 1000);
}

}  // namespace samebits
