#include <algorithm>

#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "json/json.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

struct LedgerBranch {
  TempFolder folder;
  GitRepository repository = GitRepository::bare(folder.path() / "source.git");
  Context context;
  std::unique_ptr<GitOps> gitops = open_local_gitops(repository.location(), "samebits/gates");
  std::unique_ptr<Evidence> ledger =
      open_ledger(*gitops, system_clock(), "api", Person{.name = "CI", .mail = "ci@example.com"});
  CommitId commit = commit_id("ab" + std::string(38, '0'));
  std::string file = "gates/api/ab/" + commit.str() + ".jsonl";

  void put(std::string bytes) {
    must(gitops->commit(context, {.expected_tip = must(gitops->tip(context)),
                                  .changes = {{.path = path(file), .bytes = std::move(bytes)}},
                                  .message = "By hand",
                                  .author = {},
                                  .time = system_clock().now()}));
  }
  std::string bytes() { return must(gitops->read(context, *must(gitops->tip(context)), path(file)))->bytes; }
  std::string line(std::string_view gate) const {
    return R"({"gate":")" + std::string(gate) + R"(","service":"api","commit":")" + commit.str() +
           R"(","conclusion":"success"})";
  }
  EvidenceItem post(const NewEvidence& evidence) { return must(ledger->post(context, commit, evidence)); }
};

NewEvidence evidence(std::string gate, std::string summary) {
  return {.gate = std::move(gate),
          .conclusion = "success",
          .summary = std::move(summary),
          .time = Time(std::chrono::seconds(1'790'000'000))};
}

}  // namespace

TEST_CASE("a record is one canonical line in the file of its commit") {
  LedgerBranch at;
  NewEvidence full = evidence("preprod-tests", "12 of 12");
  full.digest = must(Digest::parse("sha256:" + std::string(64, '1')));
  full.environment = "preprod";
  full.url = "https://ci.example.com/1";
  full.producer = "someone else";
  const EvidenceItem item = at.post(full);
  CHECK(at.bytes() == R"({"commit":")" + at.commit.str() + R"(","conclusion":"success","digest":"sha256:)" +
                          std::string(64, '1') +
                          R"(","environment":"preprod","gate":"preprod-tests","producer":"CI <ci@example.com>",)"
                          R"("service":"api","summary":"12 of 12","time":"2026-09-21T14:13:20Z",)"
                          R"("url":"https://ci.example.com/1"})"
                          "\n");
  CHECK(item.producer == "CI <ci@example.com>");
  CHECK(!item.verified);
  CHECK(at.repository.git("log -1 --format=%an,%ae,%s samebits/gates") ==
        "CI,ci@example.com,Record gate preprod-tests success for " + at.commit.str());
}

TEST_CASE("lines that are broken or about something else are ignored and named") {
  LedgerBranch at;
  std::string other = at.line("g");
  other.replace(other.find("\"api\""), 5, "\"web\"");
  std::string foreign = at.line("g");
  foreign.replace(foreign.find(at.commit.str()), 40, std::string(40, 'f'));
  at.put(at.line("one") + "\n{\"gate\"\n\n" + other + "\n" + foreign + "\n[]\n" + R"({"service":"api","commit":")" +
         at.commit.str() + "\"}\n" + at.line("two") + "\r\n" +
         R"({"gate":"g","service":"api","conclusion":"success","digest":"md5:1","commit":")" + at.commit.str() +
         "\"}\n" + R"({"gate":7,"service":"api","conclusion":"success","commit":")" + at.commit.str() + "\"}\n" +
         at.line("three"));
  const EvidenceList list = must(at.ledger->list(at.context, at.commit));
  std::string gates;
  for (const EvidenceItem& item : list.items) gates += item.gate + " ";
  CHECK(gates == "one two three ");
  std::string numbers;
  for (const std::string& ignored : list.ignored) {
    REQUIRE(ignored.starts_with(at.file + ":"));
    numbers += ignored.substr(at.file.size() + 1, ignored.find(':', at.file.size() + 1) - at.file.size() - 1) + " ";
    CHECK(ignored.find('\n') == std::string::npos);
  }
  CHECK(numbers == "2 4 5 6 7 9 10 ");
}

TEST_CASE("a missing final newline is repaired by a new line") {
  LedgerBranch at;
  at.put(at.line("one"));
  const EvidenceItem before = must(at.ledger->list(at.context, at.commit)).items.at(0);
  const EvidenceItem posted = at.post(evidence("two", ""));
  CHECK(at.bytes().starts_with(at.line("one") + "\n{"));
  CHECK(at.bytes().ends_with("}\n"));
  CHECK(must(at.ledger->list(at.context, at.commit)).items == std::vector{before, posted});
}

TEST_CASE("what was there is kept byte by byte") {
  LedgerBranch at;
  const std::string before = "garbage \xff\r\n\n" + at.line("one") + "\n";
  at.put(before);
  at.post(evidence("two", ""));
  CHECK(at.bytes().starts_with(before));
}

TEST_CASE("a record is one line whatever its texts hold") {
  LedgerBranch at;
  const std::string nasty = "a\nb\r\t\x1b[31m\x7f\xc2\x85\"\\\xe2\x80\xa8";
  const EvidenceItem item = at.post(evidence(nasty, nasty));
  CHECK(item.summary == nasty);
  CHECK(must(at.ledger->list(at.context, at.commit)).items == std::vector{item});
  const std::string bytes = at.bytes();
  CHECK(std::count(bytes.begin(), bytes.end(), '\n') == 1);
  CHECK(std::count_if(bytes.begin(), bytes.end(), [](unsigned char byte) { return byte < 0x20 || byte == 0x7f; }) == 1);
  CHECK(bytes.find("\xc2\x85") == std::string::npos);
  CHECK(at.repository.git("log -1 --format=%B samebits/gates").find('\x1b') == std::string::npos);
  CHECK(must(parse_json(bytes, "the line")).text("summary") == nasty);
}

TEST_CASE("evidence without a gate or a conclusion or in another encoding is refused") {
  LedgerBranch at;
  NewEvidence nameless = evidence("", "");
  CHECK(code_of(at.ledger->post(at.context, at.commit, nameless)) == "bad_request");
  NewEvidence open = evidence("g", "");
  open.conclusion.clear();
  CHECK(code_of(at.ledger->post(at.context, at.commit, open)) == "bad_request");
  CHECK(code_of(at.ledger->post(at.context, at.commit, evidence("g", "\xff"))) == "bad_request");
  CHECK(!must(at.gitops->tip(at.context)));
}

TEST_CASE("a repeated record makes no commit and another producer makes one") {
  LedgerBranch at;
  const EvidenceItem first = at.post(evidence("g", "s"));
  const auto tip = must(at.gitops->tip(at.context));
  CHECK(at.post(evidence("g", "s")) == first);
  CHECK(must(at.gitops->tip(at.context)) == tip);
  const auto other = open_ledger(*at.gitops, system_clock(), "api", Person{.name = "Ada", .mail = "ada@example.com"});
  CHECK(must(other->post(at.context, at.commit, evidence("g", "s"))).id != first.id);
}

TEST_CASE("services keep apart") {
  LedgerBranch at;
  at.post(evidence("g", "s"));
  const auto web = open_ledger(*at.gitops, system_clock(), "web", Person{});
  CHECK(must(web->list(at.context, at.commit)).items.empty());
}

}  // namespace samebits::test
