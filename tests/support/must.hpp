#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>

#include <samebits/object_id.hpp>
#include <samebits/repo_path.hpp>
#include <samebits/result.hpp>

namespace samebits::test {

inline std::string text_of(const Error& error) {
  std::ostringstream text;
  text << error;
  return text.str();
}

/// The value; the test ends with the error's text where there is none.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(text_of(result.error()));
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  if (!result) FAIL(text_of(result.error()));
}

/// The error's code as text; `none` where there is a value.
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "none" : std::string(to_string(result.error().code));
}

inline RepoPath path(std::string_view text) { return must(RepoPath::parse(text)); }
inline CommitId commit_id(std::string_view text) { return must(CommitId::parse(text)); }

}  // namespace samebits::test
