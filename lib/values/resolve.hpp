#pragma once

#include <samebits/values_file.hpp>

#include "values/source_tree.hpp"

namespace samebits::yaml {

/// Where a path leads in one document.
struct Resolved {
  /// The node; null where it is missing.
  SourceNode* node = nullptr;
  /// The deepest node that exists on the path: the parent of what is missing, or of `node`.
  SourceNode* parent = nullptr;
  /// Index of `node` among the parent's children (of a mapping, of its value).
  std::size_t index = 0;
  /// How many segments lead to `parent` (of a missing path), or to `node`.
  std::size_t depth = 0;
  /// The first anchored node on the path that some alias uses; null if none.
  const SourceNode* shared = nullptr;
  /// The missing key comes in through `<<` further up.
  bool merged = false;
};

/// Follows `path` from the root of a document.
/// Errors: duplicate_key, not_editable (through a scalar or an alias), bad_path (a selector that fits several items).
Result<Resolved> resolve(const SourceText& text, const SourceTree& tree, SourceDocument& document,
                         const ValuePath& path);

/// Errors: key_missing with the nearest key that is there.
/// `otherwise`: what to do where no key is near.
Error missing_key(const SourceText& text, const ValuePath& path, const Resolved& resolved,
                  std::string_view otherwise = "check the path");

/// The document that has `path`, or the one that `options` name; null where none of several has it.
/// Errors: bad_request where several have it and none is named.
Result<SourceDocument*> find_document(const SourceText& text, SourceTree& tree, const ValuePath& path,
                                      const EditOptions& options);
/// None of several documents has `path`. Errors: key_missing.
Error in_no_document(const SourceText& text, const SourceTree& tree, const ValuePath& path);
/// Nothing says in which of several documents `path` is to be made. Errors: bad_request.
Error in_unknown_document(const SourceTree& tree, const ValuePath& path);

/// `image.tag` up to the `depth`th segment, for messages.
std::string path_to(const ValuePath& path, std::size_t depth);

}  // namespace samebits::yaml
