#include "http/curl_transfer.hpp"

#include <algorithm>
#include <cstring>
#include <sys/socket.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "http/curl_error.hpp"
#include "http/redirect.hpp"

namespace samebits::http {
namespace {

constexpr std::size_t max_header_bytes = std::size_t{256} << 10;
constexpr std::size_t max_error_body = std::size_t{64} << 10;

Transfer& transfer_of(void* self) { return *static_cast<Transfer*>(self); }

/// Helpers and other programs that are started meanwhile must not inherit the socket.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace

Transfer::Transfer(const CurlOptions& options, const Request& request, Easy easy)
    : options_(options), request_(request), easy_(std::move(easy)) {}

Easy Transfer::release() noexcept {
  libcurl().easy_reset(easy());
  return std::move(easy_);
}

Result<void> Transfer::prepare() {
  if (!require_tls(request_.url, request_.insecure)) SB_CHECK(require_tls(request_.url, options_.insecure));
  libcurl().easy_reset(easy());
  response_ = Response{.url = request_.url};
  header_bytes_ = 0;
  upload_offset_ = 0;
  detail_.fill('\0');
  begun_ = Context::Clock::now();
  set_connection();
  set_proxy();
  set_headers();
  set_method();
  set_body();
  return {};
}

void Transfer::set_connection() {
  CURL* curl = easy();
  const std::string url = request_.url.str();
  libcurl().easy_setopt(curl, CURLOPT_URL, url.c_str());
  libcurl().easy_setopt(curl, CURLOPT_PRIVATE, this);
  libcurl().easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  libcurl().easy_setopt(curl, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_2TLS});
  libcurl().easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  libcurl().easy_setopt(curl, CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  libcurl().easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  libcurl().easy_setopt(curl, CURLOPT_ERRORBUFFER, detail_.data());
  libcurl().easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  libcurl().easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_timeout.count()));
  libcurl().easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  libcurl().easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                        static_cast<long>(request_.stall.value_or(options_.stall_timeout).count()));
  // A request that would make a second thing is never repeated by libcurl on a connection that turns out dead.
  if (request_.retry_class() == RetryClass::create) libcurl().easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
  if (!options_.ca_file.empty()) {
    libcurl().easy_setopt(curl, CURLOPT_CAINFO, options_.ca_file.c_str());
    libcurl().easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    libcurl().easy_setopt(curl, CURLOPT_PROXY_CAINFO, options_.ca_file.c_str());
    libcurl().easy_setopt(curl, CURLOPT_PROXY_CAPATH, nullptr);
  }
  if (options_.client_certificate.empty()) return;
  libcurl().easy_setopt(curl, CURLOPT_SSLCERT, options_.client_certificate.c_str());
  libcurl().easy_setopt(curl, CURLOPT_SSLKEY,
                        (options_.client_key.empty() ? options_.client_certificate : options_.client_key).c_str());
}

std::string Transfer::proxy() const {
  if (request_.url.is_loopback()) return {};
  return (request_.url.is_https() ? options_.proxy.https : options_.proxy.http).reveal();
}

void Transfer::set_proxy() {
  // Empty texts keep libcurl from asking the environment.
  libcurl().easy_setopt(easy(), CURLOPT_PROXY, proxy().c_str());
  libcurl().easy_setopt(easy(), CURLOPT_NOPROXY, options_.proxy.bypass.c_str());
  libcurl().easy_setopt(easy(), CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void Transfer::set_headers() {
  curl_slist* list = nullptr;
  // Appends to the list that `header_list_` owns.
  const auto append = [&](const std::string& line) {
    curl_slist* longer = libcurl().slist_append(list, line.c_str());
    if (longer != nullptr) list = longer;
  };
  for (const Header& field : request_.headers)
    append(field.value.empty() ? field.name + ";" : field.name + ": " + field.value);
  // libcurl's own ideas of these two.
  append("Expect:");
  if (!request_.headers.has("content-type")) append("Content-Type:");
  if (!request_.headers.has("user-agent")) append("User-Agent: samebits/" SAMEBITS_VERSION);
  header_list_.reset(list);
  libcurl().easy_setopt(easy(), CURLOPT_HTTPHEADER, list);
  libcurl().easy_setopt(easy(), CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  libcurl().easy_setopt(easy(), CURLOPT_HEADERDATA, this);
  libcurl().easy_setopt(easy(), CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  libcurl().easy_setopt(easy(), CURLOPT_WRITEDATA, this);
}

void Transfer::set_method() {
  if (request_.method == Method::get) return;
  if (request_.method == Method::head) {
    libcurl().easy_setopt(easy(), CURLOPT_NOBODY, 1L);
    return;
  }
  libcurl().easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, to_string(request_.method).data());
}

void Transfer::set_body() {
  if (request_.is_get_or_head()) return;
  if (!request_.upload.read) {
    libcurl().easy_setopt(easy(), CURLOPT_POSTFIELDS, request_.body.data());
    libcurl().easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    return;
  }
  libcurl().easy_setopt(easy(), CURLOPT_UPLOAD, 1L);
  libcurl().easy_setopt(easy(), CURLOPT_READFUNCTION, &Transfer::on_upload);
  libcurl().easy_setopt(easy(), CURLOPT_READDATA, this);
  libcurl().easy_setopt(easy(), CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
  libcurl().easy_setopt(easy(), CURLOPT_SEEKDATA, this);
  if (request_.upload.size)
    libcurl().easy_setopt(easy(), CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(*request_.upload.size));
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  Transfer& transfer = transfer_of(self);
  const std::string_view line(data, size * count);
  transfer.header_bytes_ += line.size();
  if (transfer.header_bytes_ > max_header_bytes) {
    transfer.fail({.code = ErrorCode::bad_answer,
                   .message = fmt::format("the headers of the answer are larger than {} bytes", max_header_bytes)});
    return 0;
  }
  if (line.starts_with("HTTP/")) {
    // Of several answers (100 Continue, 103 Early Hints) the last one counts.
    transfer.response_.headers.clear();
    long status = 0;
    libcurl().easy_getinfo(transfer.easy(), CURLINFO_RESPONSE_CODE, &status);
    transfer.response_.status = static_cast<int>(status);
    return line.size();
  }
  const auto colon = line.find(':');
  if (colon != std::string_view::npos)
    transfer.response_.headers.add(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return line.size();
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  return transfer_of(self).take_body({data, size * count});
}

std::size_t Transfer::take_body(std::string_view chunk) {
  if (!response_.ok()) {
    const std::size_t room = max_error_body - std::min(max_error_body, response_.body.size());
    response_.body += chunk.substr(0, room);
    return chunk.size();
  }
  if (request_.sink) {
    auto flow = request_.sink(chunk);
    stopped_ = error_.has_value() || !flow || *flow == Flow::stop;
    if (!flow) fail(std::move(flow).error());
    return stopped_ ? 0 : chunk.size();
  }
  if (response_.body.size() + chunk.size() > request_.max_body) {
    fail({.code = ErrorCode::bad_answer,
          .message =
              fmt::format("the answer of {} is larger than {} bytes", request_.url.authority(), request_.max_body)});
    return 0;
  }
  response_.body += chunk;
  return chunk.size();
}

std::size_t Transfer::on_upload(char* data, std::size_t size, std::size_t count, void* self) {
  Transfer& transfer = transfer_of(self);
  auto got = transfer.request_.upload.read({data, size * count});
  if (got) return *got;
  transfer.fail(std::move(got).error());
  return CURL_READFUNC_ABORT;
}

int Transfer::on_seek(void* self, curl_off_t offset, int origin) {
  const Transfer& transfer = transfer_of(self);
  const bool to_start = offset == 0 && origin == SEEK_SET;
  if (!to_start || !transfer.request_.upload.rewind) return CURL_SEEKFUNC_CANTSEEK;
  return transfer.request_.upload.rewind() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

bool Transfer::was_sent() const {
  long bytes = 0;
  libcurl().easy_getinfo(easy(), CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0;
}

int Transfer::proxy_refusal() const {
  long status = 0;
  libcurl().easy_getinfo(easy(), CURLINFO_HTTP_CONNECTCODE, &status);
  const bool has_tunnel = status >= 200 && status < 300;
  return has_tunnel ? 0 : static_cast<int>(status);
}

bool Transfer::fail(Error error) {
  if (error.remote.empty()) error.remote = request_.url.authority();
  if (error.operation.empty()) error.operation = request_.shown();
  if (error.http_status == 0) error.http_status = response_.status;
  if (error.request_id.empty()) error.request_id = response_.request_id();
  error_ = std::move(error);
  return true;
}

bool Transfer::finish(CURLcode code, Context& context) {
  over_ = end_hop(code, context);
  return over_;
}

bool Transfer::end_hop(CURLcode code, Context& context) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Context::Clock::now() - begun_);
  if (error_) return true;
  if (stopped_) code = CURLE_OK;
  if (context.log)
    context.note(LogLevel::debug,
                 fmt::format("{} -> {} in {} ms{}{}", request_.shown(),
                             code == CURLE_OK ? fmt::format("{}", response_.status) : libcurl().easy_strerror(code),
                             took.count(), response_.request_id().empty() ? "" : ", request ", response_.request_id()));
  if (code != CURLE_OK) {
    if (const int status = proxy_refusal(); status != 0) return fail(proxy_error(status, request_));
    return fail(curl_error(code, request_, was_sent(), !proxy().empty(), detail_.data()));
  }
  auto next = next_hop(request_, response_);
  if (!next) return fail(std::move(next).error());
  if (!*next) return true;
  if (++hops_ > max_redirects)
    return fail({.code = ErrorCode::bad_answer,
                 .message = fmt::format("{} redirects more than {} times", request_.url.authority(), max_redirects),
                 .hint = "ask whoever runs that server"});
  request_ = **std::move(next);
  const bool must_rewind = request_.upload.read != nullptr;
  if (must_rewind && (!request_.upload.rewind || !request_.upload.rewind()))
    return fail({.code = ErrorCode::bad_answer,
                 .message = fmt::format("{} redirects an upload that cannot be repeated", response_.url.authority()),
                 .hint = "use the address that it redirects to"});
  return false;
}

void Transfer::abandon(Error error) {
  if (over_) return;
  error.outcome_unknown = request_.is_write() && was_sent();
  fail(std::move(error));
}

Result<Response> Transfer::take() {
  if (error_) return *std::move(error_);
  return std::move(response_);
}

}  // namespace samebits::http
