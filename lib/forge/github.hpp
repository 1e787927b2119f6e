#pragma once

#include <memory>

#include <samebits/branch_rules.hpp>
#include <samebits/changes.hpp>
#include <samebits/evidence.hpp>
#include <samebits/releases.hpp>
#include <samebits/source.hpp>

#include "forge/api.hpp"

namespace samebits::github {

// The ports of one repository at GitHub, over one `Api` that they share. Source: GitHub's REST API, 2022-11-28.
std::unique_ptr<Source> open_source(std::shared_ptr<forge::Api> api);
std::unique_ptr<Evidence> open_evidence(std::shared_ptr<forge::Api> api);
std::unique_ptr<Changes> open_changes(std::shared_ptr<forge::Api> api);
std::unique_ptr<Releases> open_releases(std::shared_ptr<forge::Api> api);
std::unique_ptr<Rules> open_rules(std::shared_ptr<forge::Api> api);

}  // namespace samebits::github
