#include "forge/status_text.hpp"

#include "core/text.hpp"

namespace samebits::forge {
namespace {

bool is_pending(std::string_view conclusion) {
  return conclusion == "pending" || conclusion == "queued" || conclusion == "in_progress";
}

}  // namespace

EvidenceItem status_of(const Json& json, const CommitId& commit) {
  std::string state = text_of(json, "/state");
  if (state.empty()) state = text_of(json, "/status");
  EvidenceItem item{.id = fmt::format("status:{}", number_of(json, "/id")),
                    .gate = text_of(json, "/context"),
                    .conclusion = state,
                    .producer = text_of(json, "/creator/login"),
                    .verified = true,
                    .url = text_of(json, "/target_url"),
                    .time = time_of(json, "/created_at"),
                    .kind = EvidenceKind::status,
                    .completed = state != "pending",
                    .app = text_of(json, "/creator/login"),
                    .app_id = std::to_string(number_of(json, "/creator/id")),
                    .commit = commit};
  read_description(text_of(json, "/description"), item);
  return item;
}

Json status_body(const NewEvidence& evidence) {
  Json body;
  body.add("state", state_of(evidence.conclusion));
  body.add("context", evidence.gate);
  body.add("description", description_of(evidence));
  if (!evidence.url.empty()) body.add("target_url", evidence.url);
  return body;
}

std::string state_of(std::string_view conclusion) {
  if (conclusion == "success" || conclusion == "failure") return std::string(conclusion);
  return is_pending(conclusion) ? "pending" : "error";
}

std::string description_of(const NewEvidence& evidence) {
  std::string text = fmt::format("{} {} {}", evidence.digest ? evidence.digest->str() : "-",
                                 evidence.environment.empty() ? "-" : evidence.environment, evidence.conclusion);
  if (!evidence.summary.empty()) text += " " + printable(evidence.summary);
  if (text.size() > max_description) text = valid_utf8(text.substr(0, max_description - 3)) + "...";
  return text;
}

void read_description(std::string_view description, EvidenceItem& item) {
  const auto words = split(description, ' ');
  const auto digest = words.size() < 3 ? Result<Digest>(Error{}) : Digest::parse(words[0]);
  const bool agrees = words.size() >= 3 && state_of(words[2]) == state_of(item.conclusion);
  if (!digest && (!agrees || words[0] != "-")) {
    item.summary = description;
    return;
  }
  if (digest) item.digest = *digest;
  if (words[1] != "-") item.environment = words[1];
  // The state is what the forge vouches for; a word may only say more of a state that does not pass.
  if (agrees) item.conclusion = words[2];
  const std::size_t begin = words[0].size() + words[1].size() + words[2].size() + 3;
  if (begin <= description.size()) item.summary = description.substr(begin);
}

}  // namespace samebits::forge
