#include "http/link.hpp"

#include "core/text.hpp"
#include "http/field_scanner.hpp"

namespace samebits::http {
namespace {

bool has_relation(std::string_view relations, std::string_view wanted) {
  for (const std::string_view one : split(relations, ' '))
    if (equal_without_case(one, wanted)) return true;
  return false;
}

}  // namespace

std::optional<std::string> find_link(std::string_view header, std::string_view relation) {
  FieldScanner scanner(header);
  while (!scanner.at_end()) {
    scanner.skip_separators();
    if (!scanner.take('<')) {
      scanner.skip_element();
      continue;
    }
    const auto target = scanner.until('>');
    if (!target) return std::nullopt;
    bool found = false;
    while (scanner.take(';')) {
      const auto parameter = scanner.parameter();
      if (!parameter) break;
      found = found || (equal_without_case(parameter->first, "rel") && has_relation(parameter->second, relation));
    }
    if (found) return std::string(trimmed(*target));
    scanner.skip_element();
  }
  return std::nullopt;
}

Result<std::optional<Url>> next_page(const Response& response) {
  for (const std::string_view header : response.headers.all("link")) {
    const auto target = find_link(header, "next");
    if (!target) continue;
    auto url = response.url.resolve(*target);
    if (url && url->origin() == response.url.origin()) return std::optional(*std::move(url));
    return Error{.code = ErrorCode::bad_answer,
                 .message = fmt::format("{} names a next page that is not its own", response.url.authority()),
                 .hint = "ask whoever runs that server",
                 .remote = response.url.authority(),
                 .request_id = response.request_id()};
  }
  return std::optional<Url>();
}

}  // namespace samebits::http
