#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <samebits/result.hpp>

namespace samebits {

/// Where a value is in a YAML file: `image.tag`, `images[0].tag`, `images[name=web].newTag`, `["a.b/c"].d`.
class ValuePath {
 public:
  struct Segment {
    enum class Kind { key, index, selector };
    Kind kind = Kind::key;
    /// The key, or the selector's key.
    std::string key = {};
    /// The selector's value.
    std::string value = {};
    std::size_t index = 0;
    bool operator==(const Segment&) const = default;
  };
  /// Errors: bad_path, with the column.
  static Result<ValuePath> parse(std::string_view text);
  const std::string& str() const noexcept { return text_; }
  const std::vector<Segment>& segments() const noexcept { return segments_; }
  bool operator==(const ValuePath& other) const noexcept { return segments_ == other.segments_; }

 private:
  std::string text_;
  std::vector<Segment> segments_;
};

/// A value to be written: text for a string, or JSON for any value.
struct NewValue {
  std::string text;
  bool json = false;
};

/// One edit of a values file.
struct ValuesEdit {
  enum class Action {
    /// Replaces the value of an existing key.
    set,
    /// Replaces it, or inserts the key.
    set_or_insert,
    /// Replaces it where the key exists; otherwise nothing.
    set_if_present,
    /// Removes the key or the list's item.
    remove,
    /// Adds an item to a list.
    append,
  };
  Action action = Action::set;
  ValuePath path;
  NewValue value = {};
};

struct EditOptions {
  /// Named in errors.
  std::string file = "values.yaml";
  /// Edit a node that other places see through an alias.
  bool through_anchor = false;
  /// `N` from 0, or `KIND/NAME`; empty: the one document that has the path.
  std::string document = {};
  std::size_t max_bytes = std::size_t{16} << 20;
};

/// What an edit changed. Units: `line` counts from 1 in the file before.
struct ValueChange {
  std::string path;
  int line = 0;
  /// The scalar's text; a collection as JSON; nothing where the key was not there.
  std::optional<std::string> before = {};
  /// Nothing where it was removed.
  std::optional<std::string> after = {};

  bool operator==(const ValueChange&) const = default;
};

struct EditedValues {
  /// The whole file. Equal to the input where nothing changed.
  std::string bytes;
  /// In the order of the edits; edits that changed nothing are left out.
  std::vector<ValueChange> changes;
};

/// Applies all edits in one pass, or none. Every path addresses the input. Only the bytes of the named values change,
/// which is proven by parsing the result again; what cannot be proven is refused.
/// Errors: bad_path, overlapping_edits, invalid_yaml, duplicate_key, shared_anchor, not_editable, key_missing; each
/// with line and column.
/// Source: YAML 1.2.2; reads alike under YAML 1.1.
Result<EditedValues> edit_values(std::string_view bytes, std::span<const ValuesEdit> edits,
                                 const EditOptions& options = {});

/// A value that was found.
struct FoundValue {
  std::string path;
  /// The scalar's text; a collection as JSON.
  std::string text;
  /// The value as JSON: a plain `1` is a number, a quoted `"1"` a string.
  std::string json;
  int line = 0;
};

/// The values at `paths`, each found or not, in their order.
/// Errors: as `edit_values`, except key_missing.
Result<std::vector<std::optional<FoundValue>>> read_values(std::string_view bytes, std::span<const ValuePath> paths,
                                                           const EditOptions& options = {});

/// A values file in memory: parsed once to see that it can be edited, then read and edited.
class ValuesFile {
 public:
  /// Errors: invalid_yaml, not_editable; with line and column.
  static Result<ValuesFile> parse(std::string bytes, EditOptions options = {});
  /// Applies all edits in one pass, or none. Errors: as `edit_values`; the file is as before then.
  Result<std::vector<ValueChange>> edit(std::span<const ValuesEdit> edits);
  /// Nothing where the path is missing. Errors: as `read_values`.
  Result<std::optional<FoundValue>> get(const ValuePath& path) const;
  const std::string& bytes() const noexcept { return bytes_; }

 private:
  ValuesFile(std::string bytes, EditOptions options) : bytes_(std::move(bytes)), options_(std::move(options)) {}
  std::string bytes_;
  EditOptions options_;
};

/// `PATH=TEXT` or `PATH:=JSON`, split at the first `=` or `:=` outside brackets and quotes. Errors: bad_path,
/// bad_request if the JSON is none.
Result<ValuesEdit> parse_assignment(std::string_view text, ValuesEdit::Action action = ValuesEdit::Action::set);

}  // namespace samebits
