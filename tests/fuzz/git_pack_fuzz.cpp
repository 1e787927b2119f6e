#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "crypto/sha1.hpp"
#include "git/delta.hpp"
#include "git/pack_reader.hpp"

/// Entries of a pack, sealed with a checksum that fits: what is read has the id of its bytes and stays within the
/// limits. The first byte says how many objects the pack claims.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string pack("PACK\0\0\0\2\0\0\0", 11);
  pack += bytes;
  pack += samebits::sha1_bytes(pack);
  const samebits::git::PackLimits limits{.max_objects = 256, .max_object = 1 << 16, .max_total = 1 << 20};
  auto store = samebits::git::ObjectStore::open("fuzz");
  const auto ids = samebits::git::read_pack(pack, **store, limits);
  if ((*store)->bytes() > limits.max_total) std::abort();
  if (ids)
    for (const git_oid& id : *ids)
      if (!(*store)->has(id)) std::abort();
  const std::string_view base = bytes.substr(0, size / 2);
  const std::string delta = samebits::git::make_delta(base, bytes);
  const auto target = samebits::git::apply_delta(base, delta, size);
  if (!target || *target != bytes) std::abort();
  static_cast<void>(samebits::git::apply_delta(base, bytes.substr(size / 2), 1 << 16));
  return 0;
}
