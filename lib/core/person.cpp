#include <samebits/person.hpp>

#include "core/text.hpp"

namespace samebits {

Result<Person> Person::parse(std::string_view text) {
  const auto bad = [&] {
    return Error{.code = ErrorCode::bad_option,
                 .message = fmt::format("'{}' is no author", printable(text)),
                 .hint = "write NAME <MAIL>, such as \"Ada Lovelace <ada@example.com>\""};
  };
  if (!is_printable(text) || text.size() > 500) return bad();
  const auto open = text.find(" <");
  if (open == std::string_view::npos || !text.ends_with('>')) return bad();
  const std::string_view name = text.substr(0, open);
  const std::string_view mail = text.substr(open + 2, text.size() - open - 3);
  const auto is_blank_ended = [](std::string_view part) { return part.starts_with(' ') || part.ends_with(' '); };
  // Git drops these at both ends, and refuses what is left empty.
  const auto is_crud = [](std::string_view part) {
    return part.find_first_not_of(" .,:;<>\"\\'") == std::string_view::npos;
  };
  if (is_crud(name) || is_crud(mail) || is_blank_ended(name) || is_blank_ended(mail)) return bad();
  if (name.find_first_of("<>") != std::string_view::npos || mail.find_first_of("<>") != std::string_view::npos)
    return bad();
  return Person{.name = std::string(name), .mail = std::string(mail)};
}

}  // namespace samebits
