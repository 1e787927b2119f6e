#pragma once

#include <samebits/receipt.hpp>

#include "promotion/session.hpp"

namespace samebits {

/// A decision as bytes: what the commit would change.
struct Prepared {
  std::vector<FileChange> files;
  std::vector<Change> changes;
  std::string diff;
};

/// SHA-256 over canonical JSON of operation, targets in order, tag, digest and, for all but `release`, the record that
/// each target had before.
std::string promotion_id(const Decision& decision, const Facts& facts);

/// Brings the changes of one target, which begin at `first`, into the order of documents.
void sort_by_path(std::vector<Change>& changes, std::size_t first);

/// Applies the decision's writes to the files at the tip. `id` goes into the records.
/// Errors: of `edit_values`, with the file's name.
Result<Prepared> prepare(Session& session, const Decision& decision, const std::string& id, Time now);

/// What stands for a tag in a trailer where none was there.
inline constexpr std::string_view no_tag = "none";

/// Title, then the trailers that say for people what the records say for programs.
std::string commit_message(const Session& session, const Decision& decision, const std::string& id);

}  // namespace samebits
