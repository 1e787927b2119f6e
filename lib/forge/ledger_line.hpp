#pragma once

#include <string>
#include <string_view>

#include <samebits/evidence.hpp>
#include <samebits/repo_path.hpp>

namespace samebits::ledger {

/// What every line of one file of the ledger must be about.
struct LineOwner {
  std::string service;
  std::string commit;
};

/// Shape: `{"commit":"...","conclusion":"success","digest":"sha256:...","environment":"preprod","gate":"...",
/// "producer":"NAME <MAIL>","service":"...","summary":"...","time":"...","url":"..."}`, without the line break.
std::string line_of(const EvidenceItem& item, const LineOwner& owner);

/// `number` counts from 1.
std::string line_id(std::size_t number, std::string_view line);

/// The records of a file in order; lines that are broken or about something else are ignored and named.
EvidenceList parse_lines(std::string_view bytes, const RepoPath& path, const LineOwner& owner);

}  // namespace samebits::ledger
