#include "git/pack_writer.hpp"

#include <new>
#include <zlib.h>

#include "crypto/sha1.hpp"
#include "git/delta.hpp"

namespace samebits::git {
namespace {

constexpr unsigned id_delta = 7;

void put_number(std::string& pack, std::size_t value) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) pack += static_cast<char>(value >> shift & 0xff);
}

void put_head(std::string& pack, unsigned kind, std::size_t size) {
  std::size_t byte = kind << 4 | (size & 15);
  for (size >>= 4; size > 0; size >>= 7) {
    pack += static_cast<char>(byte | 0x80);
    byte = size & 0x7f;
  }
  pack += static_cast<char>(byte);
}

void put_deflated(std::string& pack, std::string_view bytes, int level) {
  uLongf room = ::compressBound(bytes.size());
  const std::size_t before = pack.size();
  pack.resize(before + room);
  if (::compress2(reinterpret_cast<Bytef*>(pack.data() + before), &room, reinterpret_cast<const Bytef*>(bytes.data()),
                  bytes.size(), level) != Z_OK)
    throw std::bad_alloc();
  pack.resize(before + room);
}

void put_entry(std::string& pack, const PackEntry& entry, int level) {
  const StoredObject& object = *entry.object;
  if (entry.base != nullptr && entry.base_id) {
    const std::string delta = make_delta(entry.base->bytes, object.bytes);
    if (delta.size() < object.bytes.size() / 2) {
      put_head(pack, id_delta, delta.size());
      pack.append(reinterpret_cast<const char*>(entry.base_id->id), sizeof entry.base_id->id);
      put_deflated(pack, delta, level);
      return;
    }
  }
  put_head(pack, static_cast<unsigned>(object.type), object.bytes.size());
  put_deflated(pack, object.bytes, level);
}

}  // namespace

std::string write_pack(std::span<const PackEntry> entries, Deflate deflate) {
  const int level = deflate == Deflate::usual ? Z_DEFAULT_COMPRESSION : Z_NO_COMPRESSION;
  std::string pack = "PACK";
  put_number(pack, 2);
  put_number(pack, entries.size());
  for (const PackEntry& entry : entries) put_entry(pack, entry, level);
  pack += sha1_bytes(pack);
  return pack;
}

}  // namespace samebits::git
