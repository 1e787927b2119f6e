#pragma once

#include <map>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

namespace samebits::git {

/// What `git-receive-pack` says of a push.
struct PushReport {
  /// `ok`, or why the pack was not taken.
  std::string unpacked;
  /// Each reference and why it was refused; empty where it was not.
  std::map<std::string, std::string> refs = {};
};

/// Errors: bad_answer. Source: gitprotocol-pack(5), "Report Status".
Result<PushReport> parse_report(std::string_view bytes);

}  // namespace samebits::git
