#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "git/pkt_line.hpp"

/// Whatever a server sends, packets and bands are read to an end, and nothing is longer than what was sent.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  samebits::git::PacketReader packets(bytes);
  std::size_t payload = 0;
  while (!packets.at_end()) {
    const auto packet = packets.next();
    if (!packet) break;
    payload += packet->payload.size();
  }
  samebits::git::PacketReader bands(bytes);
  const auto read = samebits::git::read_side_band(bands);
  if (payload > size || (read && read->data.size() + read->words.size() > size)) std::abort();
  for (const auto& line : samebits::git::lines_of(bytes))
    if (line.find('\x1b') != std::string::npos) std::abort();
  return 0;
}
