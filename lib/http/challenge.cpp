#include "http/challenge.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "http/field_scanner.hpp"

namespace samebits::http {
namespace {

/// Passes over `Negotiate YII...==`: nothing that we answer has one.
void skip_token68(FieldScanner& scanner) {
  const std::size_t before = scanner.position();
  scanner.skip_blanks();
  const bool some = !scanner.token68().empty();
  scanner.skip_blanks();
  const std::size_t behind = scanner.position();
  if (some && (scanner.at_end() || scanner.take(','))) {
    scanner.back_to(behind);
    return;
  }
  scanner.back_to(before);
}

/// Whether `name=` is next, and not the scheme of another challenge.
bool parameter_is_next(FieldScanner& scanner) {
  const std::size_t before = scanner.position();
  const bool found = !scanner.token().empty() && scanner.take('=');
  scanner.back_to(before);
  return found;
}

}  // namespace

std::string Challenge::get(const std::string& name) const {
  const auto found = parameters.find(name);
  return found == parameters.end() ? "" : found->second;
}

std::vector<Challenge> parse_challenges(std::string_view field) {
  std::vector<Challenge> challenges;
  FieldScanner scanner(field);
  while (true) {
    scanner.skip_separators();
    if (scanner.at_end()) return challenges;
    const std::string_view scheme = scanner.token();
    if (scheme.empty()) {
      scanner.skip_element();
      continue;
    }
    Challenge challenge{.scheme = lower(scheme)};
    skip_token68(scanner);
    while (true) {
      scanner.skip_separators();
      if (!parameter_is_next(scanner)) break;
      auto parameter = scanner.parameter();
      if (!parameter) {
        scanner.skip_element();
        break;
      }
      challenge.parameters.emplace(lower(parameter->first), std::move(parameter->second));
    }
    challenges.push_back(std::move(challenge));
  }
}

std::vector<Challenge> challenges_of(const Response& response) {
  std::vector<Challenge> challenges;
  for (const std::string_view field : response.headers.all("www-authenticate"))
    for (Challenge& challenge : parse_challenges(field)) challenges.push_back(std::move(challenge));
  return challenges;
}

const Challenge* find_challenge(const std::vector<Challenge>& challenges, std::string_view scheme) {
  const auto found =
      std::find_if(challenges.begin(), challenges.end(), [&](const Challenge& one) { return one.scheme == scheme; });
  return found == challenges.end() ? nullptr : &*found;
}

}  // namespace samebits::http
