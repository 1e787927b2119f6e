#include "bridge/bridge.hpp"
#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::bridge {
namespace {

Result<EvidenceItem> read_item(const Answer& answer, const Json& part) {
  EvidenceItem item;
  SB_TRY(item.id, part_text(answer, part, "id"));
  SB_TRY(item.gate, part_text(answer, part, "gate"));
  SB_TRY(item.conclusion, part_text(answer, part, "conclusion"));
  item.environment = part.text("environment");
  item.producer = part.text("producer");
  item.url = part.text("url");
  item.summary = part.text("summary");
  const Json* verified = part.find("verified");
  item.verified = verified != nullptr && verified->boolean() != nullptr && *verified->boolean();
  if (!part.text("digest").empty()) {
    SB_TRY(item.digest, part_value<Digest>(answer, part, "digest"));
  }
  if (!part.text("time").empty()) {
    SB_TRY(item.time, part_time(answer, part, "time"));
  }
  return item;
}

class BridgedEvidence final : public Evidence {
 public:
  BridgedEvidence(Questions questions, std::string location)
      : questions_(std::move(questions)), location_(std::move(location)) {}

  std::string location() const override { return location_; }

  Result<EvidenceList> list(Context& context, const CommitId& commit) override {
    SB_TRY(const auto answer, questions_.ask(context, "list", Json::Object{{"commit", commit.str()}}));
    SB_TRY(const auto items, answer.list("items"));
    EvidenceList list;
    for (const Json& part : items) {
      SB_TRY(auto item, read_item(answer, part));
      list.items.push_back(std::move(item));
    }
    const Json* ignored = answer.find("ignored");
    for (const Json& line : ignored != nullptr && ignored->array() != nullptr ? *ignored->array() : Json::Array())
      if (line.string() != nullptr) list.ignored.push_back(printable(*line.string()));
    return list;
  }

  Result<EvidenceItem> post(Context& context, const CommitId& commit, const NewEvidence& evidence) override {
    Json members;
    members.add("commit", commit.str());
    members.add("gate", evidence.gate);
    members.add("conclusion", evidence.conclusion);
    members.add("digest", evidence.digest ? Json(evidence.digest->str()) : Json());
    members.add("environment", evidence.environment);
    members.add("producer", evidence.producer);
    members.add("url", evidence.url);
    members.add("summary", evidence.summary);
    members.add("time", format_time(evidence.time));
    SB_TRY(const auto answer, questions_.ask(context, "post", members));
    const Json* item = answer.find("item");
    if (item == nullptr) return answer.bad("'item' is missing");
    return read_item(answer, *item);
  }

 private:
  Questions questions_;
  std::string location_;
};

}  // namespace

std::unique_ptr<Evidence> make_evidence(PortCall call, std::string service, std::string location) {
  return std::make_unique<BridgedEvidence>(Questions("evidence", std::move(service), std::move(call)),
                                           std::move(location));
}

}  // namespace samebits::bridge
