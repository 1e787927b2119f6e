#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <samebits/result.hpp>

namespace samebits::yaml {

/// A node of a YAML file that people wrote for us: with its place, without anchors and aliases.
struct Node {
  enum class Kind { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  /// Of a scalar.
  std::string text = {};
  /// A scalar without quotes, which may mean a number or a boolean.
  bool plain = false;
  Place where = {};
  std::vector<Node> items = {};
  /// Key and value; keys are scalars and unique.
  std::vector<std::pair<Node, Node>> entries = {};

  /// Null where the mapping has no such key.
  const Node* find(std::string_view key) const noexcept;
};

/// Reads the one document of a file. Errors: invalid_yaml (also for anchors, aliases, tags, several documents and keys
/// that are no scalars), duplicate_key; with the place.
Result<Node> read(std::string_view bytes, std::string_view file);

}  // namespace samebits::yaml
