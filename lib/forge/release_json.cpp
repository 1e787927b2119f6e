#include "forge/release_json.hpp"

#include "core/text.hpp"
#include "core/try.hpp"
#include "http/link.hpp"

namespace samebits::forge {

ForgeRelease release_of(const Json& json) {
  return {.id = std::to_string(number_of(json, "/id")),
          .tag = text_of(json, "/tag_name"),
          .target = text_of(json, "/target_commitish"),
          .title = text_of(json, "/name"),
          .notes = text_of(json, "/body"),
          .draft = flag_of(json, "/draft"),
          .pre_release = flag_of(json, "/prerelease"),
          .url = text_of(json, "/html_url")};
}

std::optional<ForgeRelease> pick_release(const std::vector<Json>& releases, std::string_view tag) {
  std::optional<ForgeRelease> draft;
  for (const Json& json : releases) {
    ForgeRelease release = release_of(json);
    if (release.tag != tag) continue;
    if (!release.draft) return release;
    if (!draft) draft = std::move(release);
  }
  return draft;
}

Json release_body(const NewForgeRelease& release) {
  Json body;
  body.add("tag_name", release.tag);
  body.add("target_commitish", release.commit.str());
  body.add("name", release.title);
  body.add("body", release.notes);
  body.add("draft", false);
  body.add("prerelease", release.pre_release);
  return body;
}

Result<ForgeRelease> written_release(const Api& api, const Exchange& exchange, const NewForgeRelease& release) {
  if (exchange.ok()) {
    SB_TRY(const Json json, api.json(exchange));
    ForgeRelease made = release_of(json);
    if (made.tag == release.tag && !made.draft) return made;
    return api.bad_answer(exchange, "with another release than was made");
  }
  Error error = api.error_of(exchange, {.conflict = ErrorCode::tag_exists});
  if (exchange.status() == 422 && error.message.find("immutable release") != std::string::npos) {
    error.code = ErrorCode::tag_exists;
    error.message = fmt::format("the name {} was used by an immutable release and is gone for ever", release.tag);
    error.hint = "release the next version";
  } else if (error.code == ErrorCode::tag_exists && error.hint.empty()) {
    error.hint = "look at the forge's releases; what is published is not replaced";
  } else if (exchange.status() == 404) {
    error.code = ErrorCode::permission_missing;
    error.hint =
        "the token may not make releases: give it contents: write (and workflows: write where the commit "
        "changes a workflow)";
  }
  return error;
}

Result<std::optional<ForgeRelease>> find_release(Context& context, Api& api, const std::string& newest_page,
                                                 std::string_view tag) {
  SB_TRY(const auto newest, api.get(context, newest_page));
  if (!newest.ok()) return api.error_of(newest);
  SB_TRY(const Json json, api.json(newest));
  if (json.array() == nullptr) return api.bad_answer(newest, "with no list of releases");
  if (auto release = pick_release(*json.array(), tag)) return release;
  SB_TRY(const auto more, http::next_page(newest.response));
  if (!more) return std::optional<ForgeRelease>();
  SB_TRY(const auto older, api.get(context, "/releases/tags/" + http::percent_encode(tag, "/")));
  if (older.status() == 404) return std::optional<ForgeRelease>();
  if (!older.ok()) return api.error_of(older);
  SB_TRY(const Json release, api.json(older));
  return std::optional(release_of(release));
}

}  // namespace samebits::forge
