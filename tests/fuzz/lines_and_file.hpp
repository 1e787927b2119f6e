#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

/// An input of lines, up to the first `%` at the end of one, and a file behind them.
struct LinesAndFile {
  std::vector<std::string_view> lines;
  std::string_view file;
};

inline std::optional<LinesAndFile> lines_and_file(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t middle = input.find("%\n");
  if (middle == std::string_view::npos) return std::nullopt;
  LinesAndFile parts{.lines = {}, .file = input.substr(middle + 2)};
  for (std::string_view head = input.substr(0, middle); !head.empty();) {
    const std::size_t end = head.find('\n');
    if (end != 0) parts.lines.push_back(head.substr(0, end));
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
  }
  return parts;
}
