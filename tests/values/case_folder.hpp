#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <samebits/values_file.hpp>

#include "json/json.hpp"

namespace samebits::test {

/// One folder of tests/cases/values; its README says what the files mean.
struct CaseFolder {
  std::string name;
  std::string in;
  /// What set.txt asks for, or why it cannot be asked.
  Result<std::vector<ValuesEdit>> edits = std::vector<ValuesEdit>{};
  EditOptions options = {};
  /// Nothing where it is to be refused.
  std::optional<std::string> out = {};
  /// error.json; null where it is to succeed.
  Json error = {};
};

std::vector<CaseFolder> case_folders(const std::filesystem::path& folder);

}  // namespace samebits::test
