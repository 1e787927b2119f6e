#include <algorithm>
#include <random>

#include <doctest/doctest.h>

#include "support/must.hpp"
#include "values/case_folder.hpp"

namespace samebits {
namespace {

using test::CaseFolder;
using test::must;

const std::vector<CaseFolder>& all() {
  static const auto folders = test::case_folders(std::string(SAMEBITS_CASES) + "/values");
  return folders;
}

int integer(const Json& json, std::string_view member) {
  const Json* found = json.find(member);
  return found != nullptr && found->integer() != nullptr ? static_cast<int>(*found->integer()) : -1;
}

bool appends(const CaseFolder& folder) {
  return std::any_of(folder.edits->begin(), folder.edits->end(),
                     [](const ValuesEdit& edit) { return edit.action == ValuesEdit::Action::append; });
}

}  // namespace

TEST_CASE("each case folder has one outcome, and there are at least 250") {
  CHECK(all().size() >= 250);
  for (const CaseFolder& folder : all()) {
    CAPTURE(folder.name);
    CHECK(folder.out.has_value() != (folder.error.object() != nullptr));
  }
}

TEST_CASE("an edit gives exactly the wanted bytes") {
  for (const CaseFolder& folder : all()) {
    if (!folder.out) continue;
    CAPTURE(folder.name);
    const auto edited = edit_values(folder.in, must(folder.edits), folder.options);
    CHECK(test::code_of(edited) == "none");
    if (edited) CHECK(edited->bytes == *folder.out);
  }
}

TEST_CASE("a refusal has its code, line and column") {
  for (const CaseFolder& folder : all()) {
    if (folder.out) continue;
    CAPTURE(folder.name);
    const auto edited = folder.edits ? edit_values(folder.in, *folder.edits, folder.options)
                                     : Result<EditedValues>(folder.edits.error());
    REQUIRE_FALSE(edited);
    const Error& error = edited.error();
    CHECK(to_string(error.code) == folder.error.text("code"));
    CHECK(error.where.line == integer(folder.error, "line"));
    CHECK(error.where.column == integer(folder.error, "column"));
    CHECK((error.message + " " + error.hint).find(folder.error.text("says")) != std::string::npos);
    CHECK_FALSE(error.hint.empty());
  }
}

TEST_CASE("the order of the edits makes no difference") {
  std::mt19937 random(1);
  for (const CaseFolder& folder : all()) {
    if (!folder.out || folder.edits->size() < 2 || appends(folder)) continue;
    CAPTURE(folder.name);
    auto edits = must(folder.edits);
    for (int i = 0; i < 5; ++i) {
      std::shuffle(edits.begin(), edits.end(), random);
      CHECK(must(edit_values(folder.in, edits, folder.options)).bytes == *folder.out);
    }
  }
}

TEST_CASE("what was set is there, and setting it again changes nothing") {
  for (const CaseFolder& folder : all()) {
    if (!folder.out) continue;
    CAPTURE(folder.name);
    const auto& edits = *folder.edits;
    const bool sets = std::all_of(edits.begin(), edits.end(), [](const ValuesEdit& edit) {
      return edit.action == ValuesEdit::Action::set || edit.action == ValuesEdit::Action::set_or_insert;
    });
    if (!sets) continue;
    const auto again = must(edit_values(*folder.out, edits, folder.options));
    CHECK(again.bytes == *folder.out);
    CHECK(again.changes.empty());
  }
}

}  // namespace samebits
