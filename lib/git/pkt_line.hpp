#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <samebits/result.hpp>

namespace samebits::git {

/// Ends a message.
inline constexpr std::string_view flush_packet = "0000";
/// Separates the parts of a message.
inline constexpr std::string_view delimiter_packet = "0001";

/// ```
/// 000bwant 5\n   four hex digits: the length, themselves included
/// ```
struct Packet {
  enum class Kind { data, flush, delimiter, end };
  Kind kind = Kind::data;
  /// Of the bytes that are read.
  std::string_view payload = {};

  /// The payload without its line break.
  std::string_view line() const noexcept {
    return payload.ends_with('\n') ? payload.substr(0, payload.size() - 1) : payload;
  }
};

/// `payload` has at most 65,516 bytes.
void append_packet(std::string& message, std::string_view payload);

/// Reads packets one after the other. Source: gitprotocol-common(5), "pkt-line Format"; gitprotocol-v2(5).
class PacketReader {
 public:
  /// `bytes` is borrowed.
  explicit PacketReader(std::string_view bytes) : rest_(bytes) {}
  /// What was not read yet.
  std::string_view rest() const noexcept { return rest_; }
  bool at_end() const noexcept { return rest_.empty(); }
  /// Errors: bad_answer if a packet is malformed or cut off.
  Result<Packet> next();

 private:
  std::string_view rest_;
};

/// What a server said in one side-band stream.
struct SideBand {
  std::string data = {};
  /// Progress and what hooks print, for people; cut at 64 KiB.
  std::string words = {};
};

/// Reads up to the flush. Errors: bad_answer, also where the server ends it with a fatal error.
/// Source: gitprotocol-pack(5), "Packfile Data".
Result<SideBand> read_side_band(PacketReader& packets);

/// The lines of `words` that say something, without control characters.
std::vector<std::string> lines_of(std::string_view words);

}  // namespace samebits::git
