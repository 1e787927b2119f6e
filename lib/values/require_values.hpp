#pragma once

#include <span>
#include <string_view>
#include <vector>

#include <samebits/values_file.hpp>

namespace samebits {

/// The values at `paths`, in their order. Errors: as `read_values`, and key_missing with the nearest key that is there.
Result<std::vector<FoundValue>> require_values(std::string_view bytes, std::span<const ValuePath> paths,
                                               const EditOptions& options);

}  // namespace samebits
