#pragma once

#include <map>
#include <string>
#include <vector>

#include "http/http.hpp"

namespace samebits::http {

/// One way that a server offers to prove who asks. Names are lower case.
struct Challenge {
  std::string scheme;
  std::map<std::string, std::string> parameters = {};

  /// Empty where there is none.
  std::string get(const std::string& name) const;
};

/// All challenges of one `WWW-Authenticate` field; what is none is passed over. Source: RFC 9110, section 11.6.1.
std::vector<Challenge> parse_challenges(std::string_view field);
/// Of all such fields of an answer.
std::vector<Challenge> challenges_of(const Response& response);
/// Null where that scheme is not offered.
const Challenge* find_challenge(const std::vector<Challenge>& challenges, std::string_view scheme);

}  // namespace samebits::http
