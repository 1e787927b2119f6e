#pragma once

#include <string>
#include <vector>

namespace samebits::cli {

/// Columns that are as wide as their widest text, for people; lines end without blanks.
class Table {
 public:
  explicit Table(std::vector<std::string> titles) : rows_{std::move(titles)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace samebits::cli
