#pragma once

#include <set>
#include <string>
#include <vector>

#include "registry/authorizer.hpp"

namespace samebits::registry {

/// A request to a repository: what comes behind `/v2/REPOSITORY/`, or a whole page of a list.
struct RegistryRequest {
  http::Method method = http::Method::get;
  std::string target;
  http::Headers headers = {};
  std::string body = {};
};

/// Where a repository is reached: finds out whether its host speaks TLS, and answers its challenges.
class Endpoint {
 public:
  /// `http` and `credentials` are borrowed.
  Endpoint(const ImageRepo& repo, http::Http& http, Credentials& credentials, std::vector<std::string> insecure);
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// All at the same time. The results are in the order of the requests; 401 stands only where there is nothing more to
  /// try.
  std::vector<Result<http::Response>> send_all(Context& context, const std::vector<RegistryRequest>& requests,
                                               Access access);
  Result<http::Response> send(Context& context, const RegistryRequest& request, Access access);

  /// For an answer that is no success.
  Error error_of(const RegistryRequest& request, const http::Response& response, ErrorCode not_found) const;
  std::string authority() const { return base_.authority(); }

 private:
  http::Request request_for(const RegistryRequest& request) const;
  std::vector<Result<http::Response>> send_once(Context& context, std::vector<http::Request> requests, Access access);
  Result<void> find_scheme(Context& context);
  void note_warnings(const Context& context, const http::Response& response);
  std::vector<Result<http::Response>> authorized(Context& context, std::vector<http::Request> requests, Access access);

  ImageRepo repo_;
  http::Http& http_;
  Authorizer authorizer_;
  http::Url base_;
  std::vector<std::string> insecure_;
  bool scheme_known_ = false;
  /// Those that were shown.
  std::set<std::string> warnings_;
  std::optional<Error> broken_;
};

}  // namespace samebits::registry
