#include "git/pkt_line.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

#include <fmt/format.h>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::git {
namespace {

constexpr std::size_t header_size = 4;
constexpr std::size_t max_payload = 65516;
constexpr std::size_t max_words = std::size_t{64} << 10;

Error malformed(std::string_view why) {
  return Error{.code = ErrorCode::bad_answer, .message = fmt::format("the server does not speak Git: {}", why)};
}

}  // namespace

void append_packet(std::string& message, std::string_view payload) {
  assert(payload.size() <= max_payload);
  fmt::format_to(std::back_inserter(message), "{:04x}", payload.size() + header_size);
  message += payload;
}

Result<Packet> PacketReader::next() {
  if (rest_.size() < header_size) return malformed("its answer is cut off");
  std::size_t length = 0;
  const auto [end, failure] = std::from_chars(rest_.data(), rest_.data() + header_size, length, 16);
  if (failure != std::errc() || end != rest_.data() + header_size)
    return malformed(fmt::format("'{}' is no length of a packet", printable(rest_.substr(0, header_size))));
  if (length < header_size) {
    rest_.remove_prefix(header_size);
    if (length == 0) return Packet{.kind = Packet::Kind::flush};
    if (length == 1) return Packet{.kind = Packet::Kind::delimiter};
    if (length == 2) return Packet{.kind = Packet::Kind::end};
    return malformed("a packet has the length 3");
  }
  if (length > max_payload + header_size)
    return malformed(fmt::format("a packet of {} bytes is longer than any may be", length));
  if (length > rest_.size()) return malformed("its answer is cut off");
  const Packet packet{.kind = Packet::Kind::data, .payload = rest_.substr(header_size, length - header_size)};
  rest_.remove_prefix(length);
  return packet;
}

Result<SideBand> read_side_band(PacketReader& packets) {
  SideBand bands;
  while (true) {
    SB_TRY(const Packet packet, packets.next());
    if (packet.kind != Packet::Kind::data) return bands;
    if (packet.payload.empty()) return malformed("a packet has no band");
    const char band = packet.payload.front();
    const std::string_view bytes = packet.payload.substr(1);
    if (band == 1) {
      bands.data += bytes;
    } else if (band == 2) {
      bands.words += bytes.substr(0, max_words - std::min(max_words, bands.words.size()));
    } else if (band == 3) {
      return Error{.code = ErrorCode::bad_answer, .message = fmt::format("the server ends: {}", printable(bytes))};
    } else {
      return malformed(fmt::format("band {}", static_cast<int>(static_cast<unsigned char>(band))));
    }
  }
}

std::vector<std::string> lines_of(std::string_view words) {
  std::vector<std::string> lines;
  while (!words.empty()) {
    const auto end = std::min(words.find_first_of("\r\n"), words.size());
    std::string line = printable(words.substr(0, end));
    if (line.find_first_not_of(' ') != std::string::npos) lines.push_back(std::move(line));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return lines;
}

}  // namespace samebits::git
