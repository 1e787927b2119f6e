#pragma once

#include <string>

#include <samebits/evidence.hpp>

#include "forge/api.hpp"

namespace samebits::forge {

/// Longest description of a status. Source: GitHub's REST API, "Create a commit status".
inline constexpr std::size_t max_description = 140;

/// What a status says of itself beyond its state:
/// ```
/// sha256:<64 hex> preprod cancelled 12 of 12
/// |-------------| |-----| |-------| |------|
/// digest or -     or -    conclusion summary
/// ```
std::string description_of(const NewEvidence& evidence);
/// Fills in what the description says; one that is not ours is the summary.
void read_description(std::string_view description, EvidenceItem& item);

/// A commit status as GitHub writes it, and Gitea after it, where its state is `status` in what is read.
EvidenceItem status_of(const Json& json, const CommitId& commit);

/// What is posted to make one. Both forges take the same.
Json status_body(const NewEvidence& evidence);

/// `success`, `pending`, `failure` or `error`: the states that a forge knows.
std::string state_of(std::string_view conclusion);

}  // namespace samebits::forge
