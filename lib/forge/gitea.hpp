#pragma once

#include <memory>

#include <samebits/branch_rules.hpp>
#include <samebits/changes.hpp>
#include <samebits/evidence.hpp>
#include <samebits/releases.hpp>
#include <samebits/source.hpp>

#include "forge/api.hpp"

namespace samebits::gitea {

// The ports of one repository at Gitea or Forgejo, over one `Api` that they share. It has no checks and knows no app:
// evidence is statuses, by the account that made them. Source: Gitea's API, 1.23.
std::unique_ptr<Source> open_source(std::shared_ptr<forge::Api> api);
std::unique_ptr<Evidence> open_evidence(std::shared_ptr<forge::Api> api);
std::unique_ptr<Changes> open_changes(std::shared_ptr<forge::Api> api);
std::unique_ptr<Releases> open_releases(std::shared_ptr<forge::Api> api);
std::unique_ptr<Rules> open_rules(std::shared_ptr<forge::Api> api);

}  // namespace samebits::gitea
