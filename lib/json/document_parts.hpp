#pragma once

#include <samebits/gate.hpp>
#include <samebits/reports.hpp>

#include "json/json.hpp"

namespace samebits {

/// `apiVersion` and `kind`, to be continued.
Json document(std::string_view kind);

// Parts that several documents share. An optional that is nothing is null.
Json text_or_null(const std::optional<std::string>& text);
Json to_part(const std::optional<Digest>& digest);
Json to_part(const std::optional<CommitId>& commit);
Json to_part(const std::optional<BlobId>& blob);
Json to_part(const std::optional<Time>& time);
Json to_part(const Place& place);
Json to_part(const PromotedImage& image);
Json to_part(const Change& change);
Json to_part(const EvidenceItem& item);
Json to_part(const GateVerdict& gate);
Json to_part(const StepResult& step);
Json to_part(const GitOpsState& state);
Json to_part(const EnvironmentState& state);
Json to_part(const ApplicationRollout& rollout);
/// The `error` member of an error's document.
Json to_part(const Error& error);
/// `{"commit": ...}`.
Json source_part(const std::optional<CommitId>& commit);
/// Integers beyond 2^53 as text: many readers see another number. Source: RFC 8259, section 6.
Json with_exact_numbers(Json value);
Json texts_part(const std::vector<std::string>& texts);

template <class Items>
Json list_of(const Items& items) {
  Json::Array list;
  for (const auto& item : items) list.push_back(to_part(item));
  return list;
}

}  // namespace samebits
