#pragma once

#include <samebits/releases.hpp>

#include "forge/api.hpp"

namespace samebits::forge {

// Releases as GitHub writes them, and Gitea after it.

ForgeRelease release_of(const Json& json);
/// Of a list the published release of the tag, else a draft of it.
std::optional<ForgeRelease> pick_release(const std::vector<Json>& releases, std::string_view tag);
/// The newest are listed first, at `newest_page`, and drafts only there: one request where the tag is new.
Result<std::optional<ForgeRelease>> find_release(Context& context, Api& api, const std::string& newest_page,
                                                 std::string_view tag);
/// Without `make_latest`, which is GitHub's.
Json release_body(const NewForgeRelease& release);
/// The release in the answer to a write. Errors: tag_exists, with what makes it final.
Result<ForgeRelease> written_release(const Api& api, const Exchange& exchange, const NewForgeRelease& release);

}  // namespace samebits::forge
