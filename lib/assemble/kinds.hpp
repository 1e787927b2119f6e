#pragma once

#include <array>
#include <string_view>

namespace samebits {

/// What `forge:` and `reconciler.kind` of samebits.yaml may be in this version.
inline constexpr std::array<std::string_view, 2> forge_kinds = {"gitea", "github"};
inline constexpr std::array<std::string_view, 1> reconciler_kinds = {"argocd"};

}  // namespace samebits
