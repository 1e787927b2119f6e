#include "core/on_main.hpp"

#include "core/text.hpp"

namespace samebits {

void want_on_main_ancestry(FactReader& facts, const Service& service, const CommitId& commit) {
  const auto& tip = facts.main_tip(service.name);
  if (tip.has_value()) facts.want(need_ancestry(service, commit, *tip));
}

namespace {

std::string branch_of(const Service& service) {
  return service.source.branch.empty() ? "the HEAD branch" : fmt::format("branch '{}'", service.source.branch);
}

}  // namespace

Result<void> require_on_main(const FactReader& facts, const Service& service, const CommitId& commit) {
  const auto& tip = facts.main_tip(service.name);
  if (!tip.has_value())
    return Error{.code = ErrorCode::commit_missing,
                 .message = fmt::format("the source of '{}' has no commit on {}", service.name, branch_of(service)),
                 .hint = "check services.*.source in samebits.yaml",
                 .remote = service.source.url};
  const auto& ancestry = facts.ancestry(service.name, commit, *tip);
  if (!ancestry.has_value())
    return Error{.code = ErrorCode::commit_missing,
                 .message = fmt::format("the source of '{}' has no commit {}", service.name, commit),
                 .hint = "push the commit, or check the id and the service",
                 .remote = service.source.url};
  if (*ancestry == Ancestry::same || *ancestry == Ancestry::ancestor) return {};
  return Error{.code = ErrorCode::not_on_main,
               .message = fmt::format("commit {} is not on {} of '{}'", commit, branch_of(service), service.name),
               .hint = "merge it first; only merged commits are promoted",
               .remote = service.source.url};
}

Result<Digest> require_image(const FactReader& facts, const Service& service, const std::string& tag) {
  const auto& image = facts.image(service.name, tag);
  if (image.has_value()) return *image;
  return Error{.code = ErrorCode::image_missing,
               .message = fmt::format("no image has the tag '{}'", tag),
               .hint = "wait for the build of that commit, or check services.*.image in samebits.yaml",
               .remote = service.image.str()};
}

}  // namespace samebits
