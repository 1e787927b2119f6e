#include <doctest/doctest.h>

#include <samebits/record.hpp>

#include "support/schema_files.hpp"

namespace samebits::test {
namespace {

Record full_record() {
  return {.environment = "prod",
          .service = "service-demo",
          .tag = "v1.2.3",
          .digest = must(Digest::parse("sha256:" + std::string(64, '1'))),
          .commit = commit_id(std::string(40, '2')),
          .operation = "release",
          .promotion_id = std::string(64, '3'),
          .gates = {"preprod-tests passed 4", "ran-in-preprod passed 5"},
          .policy = must(BlobId::parse(std::string(40, '6'))),
          .actor = "Ada <ada@example.com>",
          .time = must(parse_time("2026-11-24T09:00:00Z")),
          .replaced = Replaced{.tag = "v1.2.2", .digest = must(Digest::parse("sha256:" + std::string(64, '7')))},
          .previous = must(BlobId::parse(std::string(40, '8')))};
}

Record small_record() {
  Record record = full_record();
  record.commit.reset();
  record.gates.clear();
  record.policy.reset();
  record.replaced.reset();
  record.previous.reset();
  return record;
}

std::string without(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a record is one member a line, in the documented order") {
  CHECK(full_record().str() == R"({
"apiVersion": "samebits/v1",
"kind": "Record",
"environment": "prod",
"service": "service-demo",
"tag": "v1.2.3",
"digest": "sha256:1111111111111111111111111111111111111111111111111111111111111111",
"source": {"commit":"2222222222222222222222222222222222222222"},
"operation": "release",
"promotionId": "3333333333333333333333333333333333333333333333333333333333333333",
"gates": ["preprod-tests passed 4","ran-in-preprod passed 5"],
"policy": "6666666666666666666666666666666666666666",
"actor": "Ada <ada@example.com>",
"time": "2026-11-24T09:00:00Z",
"replaced": {"tag":"v1.2.2","digest":"sha256:7777777777777777777777777777777777777777777777777777777777777777"},
"previous": "8888888888888888888888888888888888888888"
}
)");
}

TEST_CASE("records before the one before are listed where there are some, and no more than the most") {
  Record record = full_record();
  for (const char digit : {'9', 'a'}) record.earlier.push_back(must(BlobId::parse(std::string(40, digit))));
  CHECK(
      record.str().ends_with("\"earlier\": [\"" + std::string(40, '9') + "\",\"" + std::string(40, 'a') + "\"]\n}\n"));
  CHECK(must(Record::parse(record.str())).earlier == record.earlier);
  CHECK(violation(record.str(), "record") == "");
  record.earlier.assign(100, record.earlier.front());
  CHECK(must(Record::parse(record.str())).earlier.size() == Record::max_earlier);
}

TEST_CASE("what a record does not know is null") {
  const std::string text = small_record().str();
  for (const char* line : {"\"source\": {\"commit\":null},\n", "\"gates\": [],\n", "\"policy\": null,\n",
                           "\"replaced\": null,\n", "\"previous\": null\n"})
    CHECK(text.find(line) != std::string::npos);
}

TEST_CASE("a record comes back as it was and fits its schema") {
  for (const Record& record : {full_record(), small_record()}) {
    const Record read = must(Record::parse(record.str()));
    CHECK(read.str() == record.str());
    CHECK(read.replaced == record.replaced);
    CHECK(violation(record.str(), "record") == "");
  }
}

TEST_CASE("readers of records ignore members that they do not know") {
  CHECK(Record::parse(without(full_record().str(), "\"kind\"", "\"later\": [1], \"kind\"")));
}

TEST_CASE("a broken record is refused with what is wrong") {
  const std::string good = full_record().str();
  const std::pair<std::string_view, std::string_view> damages[] = {{"samebits/v1", "samebits/v2"},
                                                                   {"\"Record\"", "\"Receipt\""},
                                                                   {"\"environment\": \"prod\",", ""},
                                                                   {"\"service\": \"service-demo\"", "\"service\": 1"},
                                                                   {"\"tag\": \"v1.2.3\"", "\"tag\": \"v1\\n2\""},
                                                                   {"\"digest\": \"sha256:1", "\"digest\": \"md5:1"},
                                                                   {"2026-11-24T09", "2026-11-24 09"},
                                                                   {"{\"commit\":\"2222", "{\"commit\":\"22"},
                                                                   {"\"policy\": \"66", "\"policy\": \"6"},
                                                                   {"\"previous\": \"88", "\"previous\": \"8"},
                                                                   {"\"digest\":\"sha256:7", "\"digest\":\"sha256:"},
                                                                   {"\"operation\"", "\"service\""},
                                                                   {"}\n", ""}};
  for (const auto& [from, to] : damages) {
    CAPTURE(from);
    const auto read = Record::parse(without(good, from, to));
    CHECK(code_of(read) == "bad_answer");
    CHECK(read.error().message.starts_with("the record is broken: "));
  }
  CHECK(code_of(Record::parse("")) == "bad_answer");
  CHECK(code_of(Record::parse("[]")) == "bad_answer");
}

TEST_CASE("text of a record is shown without control characters") {
  const Record read = must(Record::parse(without(full_record().str(), "Ada <ada", "A\\u001bda\\n<ada")));
  CHECK(read.actor == "A?da?<ada@example.com>");
}

TEST_CASE("a record lies under its environment and service") {
  CHECK(must(Record::path("prod", "api")).str() == ".samebits/prod/api.json");
  CHECK(code_of(Record::path("..", "api")) == "bad_path");
}

}  // namespace samebits::test
