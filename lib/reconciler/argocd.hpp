#pragma once

#include <memory>
#include <string>
#include <vector>

#include <samebits/credentials.hpp>
#include <samebits/reconciler.hpp>

#include "http/http.hpp"

namespace samebits {

/// Argo CD's REST API at `url`. `http` and `credentials` are borrowed; `insecure` are hosts that may go without TLS.
std::unique_ptr<Reconciler> open_argocd_reconciler(http::Url url, http::Http& http, Credentials& credentials,
                                                   std::vector<std::string> insecure);

}  // namespace samebits
