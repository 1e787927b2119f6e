#include <algorithm>

#include "bridge/bridge.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/sha256.hpp"

namespace samebits::bridge {
namespace {

class BridgedRegistry final : public Registry {
 public:
  BridgedRegistry(Questions questions, std::string location)
      : questions_(std::move(questions)), location_(std::move(location)) {}

  std::string location() const override { return location_; }

  Result<std::optional<Digest>> resolve(Context& context, std::string_view tag) override {
    SB_TRY(const auto answer, ask(context, "resolve", {{"tag", tag}}));
    return answer.value<Digest>("digest");
  }

  Result<std::optional<Manifest>> manifest(Context& context, const Digest& digest) override {
    SB_TRY(auto answer, ask(context, "manifest", {{"digest", digest.str()}}));
    if (!answer.bytes()) return std::optional<Manifest>();
    SB_TRY(auto media_type, answer.text("mediaType"));
    if (!media_type) return answer.bad("there are bytes and no 'mediaType'");
    if (const Digest found = sha256_digest(*answer.bytes()); found != digest)
      return Error{.code = ErrorCode::bad_answer,
                   .message = fmt::format("the manifest's bytes have the digest {}, not {}", found, digest),
                   .hint = "the custom port gives other bytes than it was asked for",
                   .remote = location_};
    return std::optional(
        Manifest{.digest = digest, .media_type = printable(*media_type), .bytes = answer.take_bytes()});
  }

  Result<TagCreated> create_tag(Context& context, std::string_view tag, const Digest& digest) override {
    SB_CHECK(require_tag(tag));
    SB_TRY(const auto answer, ask(context, "create_tag", {{"tag", tag}, {"digest", digest.str()}}));
    SB_TRY(const auto outcome, answer.text("outcome"));
    if (outcome == "created") return TagCreated::created;
    if (outcome == "already") return TagCreated::already;
    return answer.bad("'outcome' is neither 'created' nor 'already'");
  }

  Result<std::vector<std::string>> list(Context& context) override {
    SB_TRY(const auto answer, ask(context, "list", {}));
    SB_TRY(const auto items, answer.list("tags"));
    std::vector<std::string> tags;
    for (const Json& item : items) {
      if (item.string() == nullptr || !is_tag(*item.string())) return answer.bad("an item of 'tags' is no tag");
      tags.push_back(*item.string());
    }
    std::sort(tags.begin(), tags.end());
    return tags;
  }

 private:
  Result<Answer> ask(Context& context, std::string_view operation, Json::Object members) {
    members.insert(members.begin(), {"repository", Json(location_)});
    return questions_.ask(context, operation, Json(std::move(members)));
  }

  Questions questions_;
  std::string location_;
};

}  // namespace

std::unique_ptr<Registry> make_registry(PortCall call, std::string service, std::string location) {
  return std::make_unique<BridgedRegistry>(Questions("registry", std::move(service), std::move(call)),
                                           std::move(location));
}

}  // namespace samebits::bridge
