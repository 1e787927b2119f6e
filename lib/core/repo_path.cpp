#include <algorithm>
#include <ostream>
#include <vector>

#include <samebits/repo_path.hpp>

#include "core/text.hpp"

namespace samebits {
namespace {

/// Code points that HFS+ ignores in names, as UTF-8. Source: git's utf8.c rules for `core.protectHFS`.
bool is_ignorable(std::string_view sequence) {
  constexpr std::string_view ignorable[] = {"\xE2\x80\x8C", "\xE2\x80\x8D", "\xE2\x80\x8E", "\xE2\x80\x8F",
                                            "\xE2\x80\xAA", "\xE2\x80\xAB", "\xE2\x80\xAC", "\xE2\x80\xAD",
                                            "\xE2\x80\xAE", "\xE2\x81\xAA", "\xE2\x81\xAB", "\xE2\x81\xAC",
                                            "\xE2\x81\xAD", "\xE2\x81\xAE", "\xE2\x81\xAF", "\xEF\xBB\xBF"};
  return std::find(std::begin(ignorable), std::end(ignorable), sequence) != std::end(ignorable);
}

std::string without_ignorable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool is_ascii = static_cast<unsigned char>(text[at]) < 0x80;
    if (!is_ascii && is_ignorable(text.substr(at, 3))) {
      at += 3;
    } else {
      result += text[at++];
    }
  }
  return result;
}

/// `.git` as some file system reads it: HFS+ ignores code points; NTFS ignores case, trailing dots and blanks, and
/// streams, and has the short name `git~1`.
bool is_dot_git(std::string_view segment) {
  const auto first = static_cast<unsigned char>(segment.front());
  if (first < 0x80 && first != '.' && first != 'g' && first != 'G') return false;
  std::string name = lower(without_ignorable(segment));
  name = name.substr(0, name.find(':'));
  while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.pop_back();
  return name == ".git" || name == "git~1";
}

}  // namespace

Result<RepoPath> RepoPath::parse(std::string_view text) {
  const auto bad = [&](std::string reason) {
    return Error{.code = ErrorCode::bad_path,
                 .message = fmt::format("'{}' is no path in a repository: {}", printable(text), reason),
                 .hint = "write it relative to the repository, with '/' between names: values/prod/api.yaml"};
  };
  if (text.empty()) return bad("it is empty");
  if (text.size() > 4096) return bad("it is longer than 4096 bytes");
  if (!is_valid_utf8(text)) return bad("it is not valid UTF-8");
  if (!is_printable(text)) return bad("it holds a control character");
  if (text.find('\\') != std::string_view::npos) return bad("it holds a backslash");
  if (text.front() == '/') return bad("it is absolute");
  for (const std::string_view segment : split(text, '/')) {
    if (segment.empty()) return bad("it has an empty segment");
    if (segment == "." || segment == "..") return bad(fmt::format("it has the segment '{}'", segment));
    if (is_dot_git(segment)) return bad(fmt::format("the segment '{}' means .git on some system", segment));
  }
  return RepoPath(text);
}

std::ostream& operator<<(std::ostream& out, const RepoPath& path) { return out << path.str(); }

}  // namespace samebits
