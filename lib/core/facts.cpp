#include "core/facts.hpp"

namespace samebits {

const std::string* ValuesFacts::text_at(const std::string& path) const {
  const auto found = texts.find(path);
  if (found == texts.end()) return nullptr;
  const std::optional<std::string>& text = found->second;
  return text ? &*text : nullptr;
}

namespace {

/// An entry that is there and says `unknown` was not fetched either.
template <class Map, class Key>
bool is_known(const Map& facts, const Key& key) {
  const auto found = facts.find(key);
  return found != facts.end() && !found->second.is_unknown();
}

}  // namespace

bool FactReader::has(const Need& need) const {
  const std::string& service = need.target.service;
  switch (need.kind) {
    case Need::Kind::values:
      return is_known(facts_.values, need.target);
    case Need::Kind::record:
      return is_known(facts_.records, need.target);
    case Need::Kind::chain:
      return facts_.chains.contains(need.target);
    case Need::Kind::template_file:
      return is_known(facts_.templates, need.target);
    case Need::Kind::main_tip:
      return is_known(facts_.main_tips, service);
    case Need::Kind::ancestry:
      return is_known(facts_.ancestries, std::tuple(service, need.subject, need.other));
    case Need::Kind::git_tag:
      return is_known(facts_.git_tags, std::pair(service, need.subject));
    case Need::Kind::image:
      return is_known(facts_.images, std::pair(service, need.subject));
    case Need::Kind::evidence:
      return facts_.evidence.contains({service, need.subject});
    case Need::Kind::approval:
      return facts_.approvals.contains({service, need.subject});
    case Need::Kind::forge_release:
      return facts_.forge_releases.contains({service, need.subject});
  }
  return false;
}

void FactReader::want(const Need& need) {
  if (!has(need)) needs_.insert(need);
}

namespace {

Need of_service(Need::Kind kind, const Service& service, std::string_view subject, std::string_view other = {}) {
  return Need{.kind = kind,
              .target = {.environment = {}, .service = service.name},
              .subject = std::string(subject),
              .other = std::string(other)};
}

}  // namespace

Need need_image(const Service& service, std::string_view tag) { return of_service(Need::Kind::image, service, tag); }
Need need_main_tip(const Service& service) { return of_service(Need::Kind::main_tip, service, {}); }
Need need_ancestry(const Service& service, const CommitId& left, const CommitId& right) {
  return of_service(Need::Kind::ancestry, service, left.str(), right.str());
}
Need need_git_tag(const Service& service, std::string_view name) {
  return of_service(Need::Kind::git_tag, service, name);
}
Need need_evidence(const Service& service, const CommitId& commit) {
  return of_service(Need::Kind::evidence, service, commit.str());
}
Need need_approval(const Service& service, const CommitId& commit) {
  return of_service(Need::Kind::approval, service, commit.str());
}
Need need_forge_release(const Service& service, std::string_view tag) {
  return of_service(Need::Kind::forge_release, service, tag);
}

}  // namespace samebits
