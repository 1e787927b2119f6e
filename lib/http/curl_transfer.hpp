#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>

#include "http/curl_http.hpp"
#include "http/http.hpp"
#include "http/libcurl.hpp"

namespace samebits::http {

struct EasyClose {
  void operator()(CURL* handle) const noexcept { libcurl().easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyClose>;

struct ListClose {
  void operator()(curl_slist* list) const noexcept { libcurl().slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListClose>;

/// One request on its way, redirects included: what libcurl's callbacks write to. Has a fixed address.
class Transfer {
 public:
  Transfer(const CurlOptions& options, const Request& request, Easy easy);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() const noexcept { return easy_.get(); }
  /// The handle, for another transfer.
  Easy release() noexcept;

  /// Sets the handle up for the request. Errors: bad_config.
  Result<void> prepare();
  /// Takes the end of one hop. True: the transfer is over and `take` gives its result; false: prepare and go on.
  bool finish(CURLcode code, Context& context);
  /// Ends it with an error from outside, such as a cancellation.
  void abandon(Error error);
  Result<Response> take();

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_upload(char* data, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);

  bool end_hop(CURLcode code, Context& context);
  void set_method();
  void set_body();
  void set_headers();
  void set_connection();
  void set_proxy();
  /// With its name and password; empty where there is none.
  std::string proxy() const;
  std::size_t take_body(std::string_view chunk);
  bool was_sent() const;
  /// The status of a proxy that gave no way to the server; 0 where there is none.
  int proxy_refusal() const;
  bool fail(Error error);

  const CurlOptions& options_;
  Request request_;
  Easy easy_;
  HeaderList header_list_;
  Response response_;
  std::size_t header_bytes_ = 0;
  std::size_t upload_offset_ = 0;
  int hops_ = 0;
  bool stopped_ = false;
  bool over_ = false;
  std::optional<Error> error_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  Context::Clock::time_point begun_{};
};

}  // namespace samebits::http
