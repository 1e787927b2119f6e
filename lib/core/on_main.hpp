#pragma once

#include "core/facts.hpp"

namespace samebits {

/// Once the tip of the service's protected branch is known: asks for how the commit stands to it.
void want_on_main_ancestry(FactReader& facts, const Service& service, const CommitId& commit);
/// Errors: commit_missing, not_on_main.
Result<void> require_on_main(const FactReader& facts, const Service& service, const CommitId& commit);

/// The digest that `tag` has. Errors: image_missing.
Result<Digest> require_image(const FactReader& facts, const Service& service, const std::string& tag);

}  // namespace samebits
