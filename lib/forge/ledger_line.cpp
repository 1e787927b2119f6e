#include "forge/ledger_line.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "crypto/sha256.hpp"
#include "json/json.hpp"

namespace samebits::ledger {
namespace {

Error broken(std::string_view why) { return Error{.code = ErrorCode::bad_request, .message = std::string(why)}; }

/// JSON leaves DEL and C1 as they are; a terminal does not.
std::string with_controls_escaped(std::string_view json) {
  std::string safe;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const auto byte = static_cast<unsigned char>(json[at]);
    const auto next = at + 1 < json.size() ? static_cast<unsigned char>(json[at + 1]) : 0U;
    if (byte == 0x7f) {
      safe += "\\u007f";
    } else if (byte == 0xc2 && next >= 0x80 && next < 0xa0) {
      safe += fmt::format("\\u00{:02x}", next);
      ++at;
    } else {
      safe += json[at];
    }
  }
  return safe;
}

Result<std::string> text_member(const Json& record, std::string_view name) {
  const Json* member = record.find(name);
  if (member == nullptr || member->is_null()) return std::string();
  if (const std::string* text = member->string()) return *text;
  return broken(fmt::format("'{}' is no text", name));
}

Result<EvidenceItem> parse_line(std::string_view line, const LineOwner& owner) {
  SB_TRY(const Json record, parse_json(line, "the line"));
  if (record.object() == nullptr) return broken("it is no JSON object");
  EvidenceItem item;
  SB_TRY(const std::string service, text_member(record, "service"));
  SB_TRY(const std::string commit, text_member(record, "commit"));
  if (service != owner.service) return broken(fmt::format("it is about the service '{}'", printable(service)));
  if (commit != owner.commit) return broken(fmt::format("it is about the commit '{}'", printable(commit)));
  SB_TRY(item.gate, text_member(record, "gate"));
  SB_TRY(item.conclusion, text_member(record, "conclusion"));
  if (item.gate.empty()) return broken("it names no gate");
  if (item.conclusion.empty()) return broken("it has no conclusion");
  SB_TRY(item.environment, text_member(record, "environment"));
  SB_TRY(item.producer, text_member(record, "producer"));
  SB_TRY(item.url, text_member(record, "url"));
  SB_TRY(item.summary, text_member(record, "summary"));
  SB_TRY(const std::string digest, text_member(record, "digest"));
  SB_TRY(const std::string time, text_member(record, "time"));
  if (!digest.empty()) {
    SB_TRY(item.digest, Digest::parse(digest));
  }
  if (!time.empty()) {
    SB_TRY(item.time, parse_time(time));
  }
  return item;
}

}  // namespace

std::string line_of(const EvidenceItem& item, const LineOwner& owner) {
  Json line;
  line.add("gate", item.gate);
  line.add("service", owner.service);
  line.add("commit", owner.commit);
  if (item.digest) line.add("digest", item.digest->str());
  line.add("conclusion", item.conclusion);
  const auto add_given = [&](std::string_view name, const std::string& text) {
    if (!text.empty()) line.add(name, text);
  };
  add_given("environment", item.environment);
  add_given("producer", item.producer);
  add_given("url", item.url);
  add_given("summary", item.summary);
  if (item.time) line.add("time", format_time(*item.time));
  return with_controls_escaped(canonical_json(line));
}

std::string line_id(std::size_t number, std::string_view line) {
  return sha256_hex(fmt::format("{}:{}", number, line));
}

EvidenceList parse_lines(std::string_view bytes, const RepoPath& path, const LineOwner& owner) {
  EvidenceList list;
  std::size_t number = 0;
  for (const std::string_view line : split(bytes, '\n')) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto item = parse_line(line, owner);
    if (item) {
      item->id = line_id(number, line);
      list.items.push_back(*std::move(item));
    } else {
      list.ignored.push_back(fmt::format("{}:{}: {}", path, number, printable(item.error().message)));
    }
  }
  return list;
}

}  // namespace samebits::ledger
