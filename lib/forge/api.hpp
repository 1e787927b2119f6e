#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/clock.hpp>
#include <samebits/credentials.hpp>
#include <samebits/object_id.hpp>

#include "forge/address.hpp"
#include "http/http.hpp"
#include "http/status_error.hpp"
#include "json/json.hpp"

namespace samebits::forge {

/// A request to the forge and its answer.
struct Exchange {
  http::Request request;
  http::Response response;

  int status() const noexcept { return response.status; }
  bool ok() const noexcept { return response.ok(); }
};

/// What is asked: `target` is below the repository (`/git/ref/heads/main`), or below the API's root where it says so.
struct Ask {
  http::Method method = http::Method::get;
  std::string target;
  Json body = {};
  http::RetryClass retry = http::RetryClass::create;
  bool at_root = false;
};

/// One repository at a forge, as JSON over HTTP. What was read before is asked for by its ETag: an answer "not
/// modified" costs nothing of the forge's limit. Thread: one at a time.
class Api {
 public:
  Api(Address address, http::Http& http, Credentials& credentials);

  const Address& address() const noexcept { return address_; }
  /// Errors: of `Http`, and of the credentials; every status is an answer.
  Result<Exchange> send(Context& context, const Ask& ask);
  Result<Exchange> get(Context& context, std::string target) { return send(context, {.target = std::move(target)}); }
  /// The items of a list, of all its pages, in the forge's order; `member` is where they are, empty: the answer itself.
  Result<std::vector<Json>> list(Context& context, std::string target, std::string_view member,
                                 const http::StatusMeaning& meaning = {});
  /// Whether these credentials may write at `target`: it is asked to without saying what, which the forge refuses after
  /// it looked at who asks. Nothing comes of it; only for what cannot be made of nothing. Errors: permission_missing.
  Result<void> may_write(Context& context, std::string target);
  /// The answer's body. Errors: bad_answer.
  Result<Json> json(const Exchange& exchange) const;

  /// What an answer that is no success means. A permission that is missing is named.
  Error error_of(const Exchange& exchange, const http::StatusMeaning& meaning = {}) const;
  Error bad_answer(const Exchange& exchange, std::string_view what) const;

  /// The repository's default branch, once somebody asked.
  std::string default_branch;

 private:
  struct Kept {
    std::string etag;
    http::Response response;
  };
  Result<void> authorize(Context& context, http::Request& request, const std::string& what, bool refresh);
  /// `what` is the URL that credentials are asked for: pages that follow may have another.
  Result<Exchange> exchange(Context& context, http::Request request, const std::string& what);
  http::Request request_of(const Ask& ask) const;

  Address address_;
  http::Http& http_;
  Credentials& credentials_;
  std::map<std::string, Kept> kept_;
};

/// Of a JSON answer; empty or 0 where it is not there or of another type.
std::string text_of(const Json& json, std::string_view pointer);
std::int64_t number_of(const Json& json, std::string_view pointer);
bool flag_of(const Json& json, std::string_view pointer);
/// Nothing where it is no full id.
std::optional<CommitId> commit_of(const Json& json, std::string_view pointer);
std::optional<Time> time_of(const Json& json, std::string_view pointer);
/// `errors[].message` or `.code` of GitHub's 422, joined; and the message. For people and comparisons.
std::string reasons_of(std::string_view body);

}  // namespace samebits::forge
