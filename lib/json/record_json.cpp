#include <samebits/record.hpp>

#include "core/text.hpp"
#include "core/try.hpp"
#include "json/document_parts.hpp"

namespace samebits {
namespace {

Error bad_record(const std::string& message) {
  return Error{.code = ErrorCode::bad_answer,
               .message = "the record is broken: " + message,
               .hint = "records are written by promotions only: restore it from history"};
}

Result<std::string> text_member(const Json& json, std::string_view member) {
  const Json* found = json.find(member);
  if (found != nullptr && found->string() != nullptr && printable(*found->string(), 4096) == *found->string())
    return *found->string();
  return bad_record(fmt::format("'{}' is missing or no text", member));
}

Result<void> read_optional_members(const Json& json, Record& record) {
  if (const Json* commit = json.at_pointer("/source/commit"); commit != nullptr && commit->string() != nullptr) {
    SB_TRY(record.commit, CommitId::parse(*commit->string()));
  }
  if (const Json* gates = json.find("gates"); gates != nullptr && gates->array() != nullptr)
    for (const Json& gate : *gates->array())
      if (gate.string() != nullptr) record.gates.push_back(printable(*gate.string(), 4096));
  if (const std::string policy = json.text("policy"); !policy.empty()) {
    SB_TRY(record.policy, BlobId::parse(policy));
  }
  if (const std::string previous = json.text("previous"); !previous.empty()) {
    SB_TRY(record.previous, BlobId::parse(previous));
  }
  if (const Json* earlier = json.find("earlier"); earlier != nullptr && earlier->array() != nullptr)
    for (const Json& id : *earlier->array()) {
      if (id.string() == nullptr || record.earlier.size() == Record::max_earlier) break;
      SB_TRY(auto blob, BlobId::parse(*id.string()));
      record.earlier.push_back(std::move(blob));
    }
  const Json* replaced = json.find("replaced");
  if (replaced == nullptr || replaced->object() == nullptr) return {};
  record.replaced = Replaced{.tag = printable(replaced->text("tag"))};
  if (const std::string digest = replaced->text("digest"); !digest.empty()) {
    SB_TRY(record.replaced->digest, Digest::parse(digest));
  }
  return {};
}

}  // namespace

Result<Record> Record::parse(std::string_view text) {
  const auto json = parse_json(text, "the record", std::size_t{1} << 20);
  if (!json) return bad_record(json.error().message);
  if (json->text("apiVersion") != "samebits/v1" || json->text("kind") != "Record")
    return bad_record("it is no samebits/v1 Record");
  SB_TRY(auto environment, text_member(*json, "environment"));
  SB_TRY(auto service, text_member(*json, "service"));
  SB_TRY(auto tag, text_member(*json, "tag"));
  auto digest = Digest::parse(json->text("digest"));
  if (!digest) return bad_record(digest.error().message);
  auto time = parse_time(json->text("time"));
  if (!time) return bad_record(time.error().message);
  Record record{.environment = std::move(environment),
                .service = std::move(service),
                .tag = std::move(tag),
                .digest = *std::move(digest),
                .operation = printable(json->text("operation")),
                .promotion_id = printable(json->text("promotionId")),
                .actor = printable(json->text("actor"), 500),
                .time = *time};
  if (auto rest = read_optional_members(*json, record); !rest) return bad_record(rest.error().message);
  return record;
}

std::string Record::str() const {
  Json json = document("Record");
  json.add("environment", environment);
  json.add("service", service);
  json.add("tag", tag);
  json.add("digest", digest.str());
  json.add("source", source_part(commit));
  json.add("operation", operation);
  json.add("promotionId", promotion_id);
  json.add("gates", texts_part(gates));
  json.add("policy", to_part(policy));
  json.add("actor", actor);
  json.add("time", format_time(time));
  Json before;
  if (replaced) {
    before.add("tag", replaced->tag);
    before.add("digest", to_part(replaced->digest));
  }
  json.add("replaced", std::move(before));
  json.add("previous", to_part(previous));
  std::vector<std::string> ids;
  ids.reserve(earlier.size());
  for (const BlobId& id : earlier) ids.push_back(id.str());
  if (!ids.empty()) json.add("earlier", texts_part(ids));
  std::string out = "{\n";
  const auto& members = *json.object();
  for (std::size_t i = 0; i < members.size(); ++i)
    out += fmt::format("{}: {}{}\n", write_json(Json(members[i].first)), write_json(members[i].second),
                       i + 1 < members.size() ? "," : "");
  return out + "}\n";
}

}  // namespace samebits
