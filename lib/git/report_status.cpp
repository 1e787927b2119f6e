#include "git/report_status.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"
#include "git/pkt_line.hpp"

namespace samebits::git {
namespace {

constexpr std::size_t max_refs = 10'000;

Error malformed(std::string_view line) {
  return Error{.code = ErrorCode::bad_answer,
               .message = fmt::format("the server's report of the push has the line '{}'", printable(line))};
}

/// `text` behind `word` and a blank; nothing where it begins otherwise.
std::optional<std::string_view> behind(std::string_view line, std::string_view word) {
  if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ') return std::nullopt;
  return line.substr(word.size() + 1);
}

}  // namespace

Result<PushReport> parse_report(std::string_view bytes) {
  PacketReader packets(bytes);
  SB_TRY(const Packet first, packets.next());
  const auto unpacked = behind(first.line(), "unpack");
  if (!unpacked || unpacked->empty()) return malformed(first.line());
  PushReport report{.unpacked = printable(*unpacked)};
  while (!packets.at_end()) {
    SB_TRY(const Packet packet, packets.next());
    if (packet.kind != Packet::Kind::data) break;
    const std::string_view line = packet.line();
    if (report.refs.size() >= max_refs) return malformed(line);
    if (const auto accepted = behind(line, "ok")) {
      report.refs.emplace(*accepted, "");
    } else if (const auto refused = behind(line, "ng")) {
      const auto blank = std::min(refused->find(' '), refused->size());
      const std::string why = printable(refused->substr(std::min(blank + 1, refused->size())));
      report.refs.emplace(refused->substr(0, blank), why.empty() ? "refused" : why);
    } else if (!behind(line, "option")) {
      return malformed(line);
    }
  }
  return report;
}

}  // namespace samebits::git
