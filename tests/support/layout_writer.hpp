#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <samebits/digest.hpp>

namespace samebits::test {

/// Adds an image for two platforms to an OCI image layout, which is made where it is missing, and points `tag` to it,
/// whatever the tag was before. Another `content` gives another digest. Not atomic: nothing else may write meanwhile.
Digest put_image(const std::filesystem::path& layout, std::string_view tag, std::string_view content);

}  // namespace samebits::test
