#pragma once

#include <string_view>

#include "http/http.hpp"
#include "json/json.hpp"

namespace samebits::argocd {

/// What an answer that is no success stands for. `right` is what the request needs: `applications, get`.
/// Source: argoproj/argo-cd, server/application; grpc-gateway, `{error, code, message}`.
Error answer_error(const http::Request& request, const http::Response& response, std::string_view right,
                   std::string_view application);

/// An error inside a stream that began well: `{"grpc_code": 14, "http_code": 503, "message": ...}`.
Error stream_error(const http::Request& request, const Json& error, std::string_view right,
                   std::string_view application);

}  // namespace samebits::argocd
