#pragma once

#include <samebits/reconciler.hpp>

#include "json/json.hpp"

namespace samebits::argocd {

/// Longest text of a server that is kept.
inline constexpr std::size_t max_message = 500;

/// An `Application` as Argo CD's API gives it. Lists are cut, so that what is kept of an answer is bounded.
/// Errors: bad_answer for what is none.
/// Source: argoproj/argo-cd, pkg/apis/application/v1alpha1/types.go.
Result<ApplicationFacts> read_application(const Json& json);

/// The operation that runs or ran last; nothing where there was none.
std::optional<SyncOperation> read_operation(const Json& status);
/// What failed in the last sync, then what is not healthy.
std::vector<ResourceFact> read_failing(const Json& status);
/// `revisions`, or `revision` where there is one source; the texts only.
std::vector<std::string> read_revisions(const Json& json);
std::optional<Time> read_time(const Json& json, std::string_view member);
/// An empty list where there is none.
const Json::Array& items_of(const Json* list);
/// The member's text, one line and bounded.
std::string message_of(const Json& json, std::string_view member);

}  // namespace samebits::argocd
