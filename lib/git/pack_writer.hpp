#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "git/object_store.hpp"

namespace samebits::git {

/// One object of a pack to be written; what it points to outlives the writing.
struct PackEntry {
  const StoredObject* object = nullptr;
  /// An object that the reader has: only the difference is written, where that is shorter.
  std::optional<git_oid> base_id = {};
  const StoredObject* base = nullptr;
};

enum class Deflate {
  usual,
  /// For who writes often what is read soon.
  not_at_all,
};

/// A pack of exactly these objects. Source: gitformat-pack(5).
std::string write_pack(std::span<const PackEntry> entries, Deflate deflate = Deflate::usual);

}  // namespace samebits::git
