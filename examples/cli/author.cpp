#include "author.hpp"

#include <initializer_list>
#include <string>

#include <samebits/git_identity.hpp>

#include "git_settings.hpp"

namespace samebits::cli {
namespace {

std::string first_of(std::initializer_list<std::string> texts) {
  for (const std::string& text : texts)
    if (!text.empty()) return text;
  return "";
}

}  // namespace

Result<Person> git_author(std::string_view location) {
  std::string name = first_of({variable("GIT_AUTHOR_NAME"), passed_on("user.name")});
  std::string mail = first_of({variable("GIT_AUTHOR_EMAIL"), passed_on("user.email")});
  if (name.empty() || mail.empty()) {
    const auto identity = git_identity(location, configuration_files());
    if (!identity) return identity.error();
    name = first_of({name, identity->name});
    mail = first_of({mail, identity->mail, variable("EMAIL")});
  }
  if (name.empty() || mail.empty()) return Person();
  return Person::parse(name + " <" + mail + ">");
}

}  // namespace samebits::cli
