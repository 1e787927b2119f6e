#include <algorithm>
#include <set>

#include "core/gates.hpp"
#include "core/text.hpp"
#include "core/try.hpp"
#include "promotion/observe.hpp"
#include "promotion/queries.hpp"

namespace samebits {
namespace {

/// Most tags of a registry that are asked for their digest.
constexpr std::size_t max_resolved = 1000;

/// Looks for one reference in one service.
class Tracer {
 public:
  Tracer(Session& session, const Service& service, std::string_view query, Trace& trace)
      : session_(session), service_(service), query_(query), trace_(trace) {}

  Result<bool> run() {
    SB_TRY(registry_, session_.ports().services.registry(service_));
    SB_TRY(rules_, all_targets(session_, service_.name));
    SB_CHECK(prefetch_states(session_, rules_));
    SB_TRY(const auto digest, find_digest());
    if (!digest) return false;
    Trace::Image image{.service = service_.name, .digest = *digest};
    SB_CHECK(add_tags(image));
    SB_CHECK(add_deployments(image));
    if (image.commit) SB_CHECK(add_gates(*image.commit, *digest));
    trace_.images.push_back(std::move(image));
    return true;
  }

 private:
  Result<std::optional<Digest>> find_digest() {
    if (auto digest = Digest::parse(query_)) return std::optional(*std::move(digest));
    const TagPatterns& patterns = session_.pipeline().tags;
    std::string tag(query_);
    if (auto commit = CommitId::parse(query_)) {
      tag = patterns.snapshot(*commit).str();
    } else if (auto version = Version::parse(query_)) {
      SB_TRY(const auto release, patterns.release(*version));
      tag = release.str();
    }
    if (!is_tag(tag)) return std::optional<Digest>();
    SB_TRY(const auto digest, registry_->resolve(session_.context(), tag));
    return digest ? Result<std::optional<Digest>>(digest) : recorded_digest(tag);
  }

  /// Registries forget old tags; records do not.
  Result<std::optional<Digest>> recorded_digest(const std::string& tag) {
    for (const TargetRule& rule : rules_) {
      SB_TRY(const auto chain, read_chain(session_, rule.record));
      for (const StoredRecord& stored : chain)
        if (stored.record->tag == tag) return std::optional(stored.record->digest);
    }
    return std::optional<Digest>();
  }

  Result<void> add_tags(Trace::Image& image) {
    SB_TRY(const auto tags, registry_->list(session_.context()));
    std::size_t resolved = 0;
    for (const std::string& name : tags) {
      const auto tag = session_.pipeline().tags.parse_tag(name);
      if (!tag || ++resolved > max_resolved) continue;
      SB_TRY(const auto digest, registry_->resolve(session_.context(), name));
      if (!digest || *digest != image.digest) continue;
      image.tags.push_back(name);
      if (tag->track() == Track::snapshot) image.commit = tag->commit();
    }
    return {};
  }

  Result<void> add_deployments(Trace::Image& image) {
    for (const TargetRule& rule : rules_) {
      SB_TRY(const auto state, read_state(session_, rule));
      SB_TRY(const auto chain, read_chain(session_, rule.record));
      for (std::size_t i = 0; i < chain.size(); ++i) {
        const Record& record = *chain[i].record;
        if (record.digest != image.digest) continue;
        if (!image.commit) image.commit = record.commit;
        trace_.environments.push_back({.name = record.environment,
                                       .service = record.service,
                                       .tag = record.tag,
                                       .since = record.time,
                                       .current = i == 0 && state.recorded});
      }
    }
    return {};
  }

  Result<void> add_gates(const CommitId& commit, const Digest& digest) {
    const Pipeline& pipeline = session_.pipeline();
    SB_TRY(const auto gates, gates_of(pipeline, pipeline.release.gates));
    Facts facts;
    FactReader wanted(facts);
    for (const GateRule* gate : gates) SB_CHECK(want_gate(wanted, pipeline, *gate, service_, commit));
    SB_CHECK(observe(session_, wanted.needs(), facts));
    const FactReader reader(facts);
    const GateSubject subject{.service = service_, .commit = commit, .digest = digest};
    for (const GateRule* gate : gates)
      trace_.gates.emplace_back(judge_gate(reader, pipeline, *gate, subject)).service = service_.name;
    return {};
  }

  Session& session_;
  const Service& service_;
  std::string_view query_;
  Trace& trace_;
  Registry* registry_ = nullptr;
  std::vector<TargetRule> rules_;
};

}  // namespace

Result<Trace> trace_reference(Session& session, const TraceRequest& request) {
  if (request.ref.empty())
    return Error{.code = ErrorCode::bad_request,
                 .message = "the request has no ref",
                 .hint = "give a tag, a commit id, a digest or a version"};
  if (!request.service.empty()) SB_CHECK(services_of(session.pipeline(), {request.service}));
  Trace trace{.query = printable(request.ref)};
  bool found = false;
  for (const Service& service : session.pipeline().services) {
    if (!request.service.empty() && service.name != request.service) continue;
    SB_TRY(const bool here, Tracer(session, service, request.ref, trace).run());
    found = found || here;
  }
  if (found) return trace;
  return Error{.code = ErrorCode::image_missing,
               .message = fmt::format("no image is known as '{}'", trace.query),
               .hint = "give a tag, a full commit id, a digest or a version"};
}

}  // namespace samebits
