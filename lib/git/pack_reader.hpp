#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "git/object_store.hpp"

namespace samebits::git {

/// What a pack may cost; more is a bad answer.
struct PackLimits {
  std::size_t max_objects = 1'000'000;
  /// Of one object.
  std::size_t max_object = std::size_t{64} << 20;
  /// Of all objects and deltas together.
  std::size_t max_total = std::size_t{512} << 20;
};

/// Puts the objects of a pack into the store and gives their ids. Deltas may be against objects of the pack or of the
/// store. Each object's id is computed of its bytes, so that an object is what it is asked for as, or is not there.
/// Errors: bad_answer for a pack that is damaged, too large, or has a delta whose base is nowhere.
/// Source: gitformat-pack(5).
Result<std::vector<git_oid>> read_pack(std::string_view pack, ObjectStore& store, const PackLimits& limits = {});

}  // namespace samebits::git
