#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "values/source_tree.hpp"

namespace {

using samebits::yaml::SourceNode;

/// Children lie inside their parents, one behind the other.
void require_order(const SourceNode& node, std::size_t size) {
  if (node.start > node.content || node.content > node.end || node.end > node.full_end || node.full_end > size)
    std::abort();
  std::size_t at = node.start;
  for (const SourceNode& child : node.children) {
    if (child.start < at || child.end > node.end) std::abort();
    at = child.end;
    require_order(child, size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const samebits::yaml::SourceText text(bytes, "values.yaml");
  if (!samebits::yaml::require_readable(text, std::size_t{1} << 20)) return 0;
  const auto tree = samebits::yaml::parse_source(text);
  if (!tree) return 0;
  for (const auto& document : tree->documents) require_order(document.root, size);
  return 0;
}
