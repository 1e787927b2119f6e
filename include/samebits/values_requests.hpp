#pragma once

#include <string>
#include <vector>

#include <samebits/values_file.hpp>

namespace samebits {

/// Edits of one values file: all of them or none.
struct ValuesEditRequest {
  /// The file on this machine; where bytes are edited, just its name in errors and documents.
  std::string file;
  std::vector<ValuesEdit> edits;
  /// `N` from 0, or `KIND/NAME`; empty: the one document that has the path.
  std::string document = {};
  /// Edit a node that other places see through an alias.
  bool through_anchor = false;
  bool dry_run = false;
};

struct ValuesGetRequest {
  std::string file;
  std::vector<ValuePath> paths;
  std::string document = {};
};

/// What an edit did to a file.
struct ValuesFileEdit {
  std::string file;
  EditedValues edited;
  /// Unified diff; empty where nothing changed.
  std::string diff = {};
};

/// Edits `bytes`; nothing is read or written. Errors: as the other `edit_values`.
Result<ValuesFileEdit> edit_values(std::string_view bytes, const ValuesEditRequest& request);
/// Edits the file, whole or not at all. Errors: file_missing, and as `edit_values`.
Result<ValuesFileEdit> edit_values_file(const ValuesEditRequest& request);
/// All of the values. Errors: key_missing, and as `read_values`.
Result<std::vector<FoundValue>> get_values(std::string_view bytes, const ValuesGetRequest& request);
/// Errors: file_missing, and as `get_values`.
Result<std::vector<FoundValue>> get_values_file(const ValuesGetRequest& request);

}  // namespace samebits
