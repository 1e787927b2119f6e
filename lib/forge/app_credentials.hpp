#pragma once

#include <memory>
#include <vector>

#include <samebits/clock.hpp>
#include <samebits/credentials.hpp>
#include <samebits/network.hpp>

#include "http/http.hpp"

namespace samebits::github {

/// Installation tokens of GitHub Apps, each for one repository and what one request needs; made anew before they end.
/// `http` and `clock` are borrowed. Source: GitHub's REST API, "Authenticating as a GitHub App installation".
std::unique_ptr<Credentials> app_credentials(std::vector<AppCredential> apps, http::Http& http, Clock& clock);

}  // namespace samebits::github
