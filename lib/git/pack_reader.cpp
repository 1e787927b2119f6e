#include "git/pack_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <zlib.h>

#include <fmt/format.h>

#include "core/try.hpp"
#include "crypto/sha1.hpp"
#include "git/delta.hpp"

namespace samebits::git {
namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t hash_size = 20;
/// Times that deltas whose base comes later are looked at again; Git writes chains of 50 at most.
constexpr int max_rounds = 64;

enum Kind : unsigned { commit = 1, tree = 2, blob = 3, tag = 4, offset_delta = 6, id_delta = 7 };

Error damaged(std::string_view why) {
  return Error{.code = ErrorCode::bad_answer, .message = fmt::format("the server sends a damaged pack: {}", why)};
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t index = 0; index < 4; ++index) value = value << 8 | static_cast<unsigned char>(bytes[at + index]);
  return value;
}

struct InflateEnd {
  void operator()(z_stream* stream) const noexcept { ::inflateEnd(stream); }
};

/// A delta whose base is not known yet.
struct Waiting {
  std::size_t offset = 0;
  std::string delta;
  git_oid base_id{};
  /// Of the pack, instead of the id.
  std::size_t base_offset = 0;
};

class PackReader {
 public:
  PackReader(std::string_view pack, ObjectStore& store, const PackLimits& limits)
      : pack_(pack), store_(store), limits_(limits) {}

  Result<std::vector<git_oid>> run() {
    SB_TRY(const std::size_t count, header());
    for (std::size_t index = 0; index < count; ++index) SB_CHECK(entry());
    if (at_ != end_) return damaged("there is more in it than it says");
    for (int round = 0; !waiting_.empty() && round < max_rounds; ++round) SB_CHECK(resolve_waiting());
    if (!waiting_.empty()) return damaged("the base of a delta is missing");
    return std::move(ids_);
  }

 private:
  Result<std::size_t> header() {
    if (pack_.size() < header_size + hash_size || !pack_.starts_with("PACK")) return damaged("it is none");
    const std::uint32_t version = number_at(pack_, 4);
    if (version != 2 && version != 3) return damaged(fmt::format("version {}", version));
    end_ = pack_.size() - hash_size;
    const std::size_t count = number_at(pack_, 8);
    if (count > limits_.max_objects || count > end_) return damaged(fmt::format("{} objects", count));
    if (sha1_bytes(pack_.substr(0, end_)) != pack_.substr(end_)) return damaged("its checksum is wrong");
    at_ = header_size;
    return count;
  }

  Result<unsigned> byte() {
    if (at_ >= end_) return damaged("it is cut off");
    return static_cast<unsigned>(static_cast<unsigned char>(pack_[at_++]));
  }

  Result<void> entry() {
    const std::size_t offset = at_;
    SB_TRY(unsigned next, byte());
    const unsigned kind = next >> 4 & 7;
    std::uint64_t size = next & 15;
    for (unsigned shift = 4; (next & 0x80) != 0; shift += 7) {
      if (shift > 50) return damaged("an object's size is no number");
      SB_TRY(next, byte());
      size |= std::uint64_t{next & 0x7f} << shift;
    }
    Waiting delta{.offset = offset, .delta = {}};
    if (kind == id_delta) {
      if (end_ - at_ < hash_size) return damaged("it is cut off");
      libgit2().oid_fromraw(&delta.base_id, reinterpret_cast<const unsigned char*>(pack_.data() + at_));
      at_ += hash_size;
    } else if (kind == offset_delta) {
      SB_TRY(delta.base_offset, base_of(offset));
    }
    SB_TRY(std::string bytes, inflated(size));
    if (kind == id_delta || kind == offset_delta) {
      delta.delta = std::move(bytes);
      SB_TRY(const bool resolved, resolve(delta));
      if (!resolved) waiting_.push_back(std::move(delta));
      return {};
    }
    return keep(offset, kind, std::move(bytes));
  }

  Result<std::size_t> base_of(std::size_t offset) {
    SB_TRY(unsigned next, byte());
    std::uint64_t distance = next & 0x7f;
    while ((next & 0x80) != 0) {
      if (distance > (std::uint64_t{1} << 48)) return damaged("a base's place is no number");
      SB_TRY(next, byte());
      distance = ((distance + 1) << 7) | (next & 0x7f);
    }
    if (distance == 0 || distance > offset) return damaged("a base is before its beginning");
    return offset - static_cast<std::size_t>(distance);
  }

  Result<void> spend(std::size_t bytes) {
    if (bytes > limits_.max_object || bytes > limits_.max_total - spent_)
      return damaged("its objects are larger than what is read");
    spent_ += bytes;
    return {};
  }

  Result<std::string> inflated(std::uint64_t size) {
    // zlib makes at most 1,032 bytes of one: what cannot be is not made room for.
    if (size / 1032 > end_ - at_) return damaged("an object does not unpack");
    SB_CHECK(spend(static_cast<std::size_t>(size)));
    std::string bytes(static_cast<std::size_t>(size), '\0');
    z_stream stream{};
    if (::inflateInit(&stream) != Z_OK) return Error{.code = ErrorCode::out_of_memory, .message = "no memory left"};
    const std::unique_ptr<z_stream, InflateEnd> owner(&stream);
    // zlib only reads what it is given.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(pack_.data() + at_));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(end_ - at_, UINT32_MAX));
    // One more byte, so that an object that is longer than it says is seen.
    Bytef beyond = 0;
    stream.next_out = bytes.empty() ? &beyond : reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = bytes.empty() ? 1 : static_cast<uInt>(bytes.size());
    int status = ::inflate(&stream, Z_FINISH);
    if (status == Z_BUF_ERROR && stream.avail_out == 0 && !bytes.empty()) {
      stream.next_out = &beyond;
      stream.avail_out = 1;
      status = ::inflate(&stream, Z_FINISH);
    }
    if (status != Z_STREAM_END || stream.total_out != bytes.size()) return damaged("an object does not unpack");
    at_ += stream.total_in;
    return bytes;
  }

  Result<void> keep(std::size_t offset, unsigned kind, std::string bytes) {
    if (kind < commit || kind > tag) return damaged(fmt::format("an object of kind {}", kind));
    SB_TRY(const git_oid id, store_.put(static_cast<git_object_t>(kind), std::move(bytes)));
    by_offset_.emplace(offset, id);
    ids_.push_back(id);
    return {};
  }

  /// False if its base is not known yet.
  Result<bool> resolve(const Waiting& delta) {
    git_oid id = delta.base_id;
    if (delta.base_offset != 0) {
      const auto known = by_offset_.find(delta.base_offset);
      if (known == by_offset_.end()) return false;
      id = known->second;
    }
    const StoredObject* base = store_.find(id);
    if (base == nullptr) return false;
    SB_TRY(std::string bytes, apply_delta(base->bytes, delta.delta, limits_.max_object));
    SB_CHECK(spend(bytes.size()));
    SB_CHECK(keep(delta.offset, static_cast<unsigned>(base->type), std::move(bytes)));
    return true;
  }

  Result<void> resolve_waiting() {
    std::vector<Waiting> still;
    for (Waiting& delta : waiting_) {
      SB_TRY(const bool resolved, resolve(delta));
      if (!resolved) still.push_back(std::move(delta));
    }
    if (still.size() == waiting_.size()) return damaged("the base of a delta is missing");
    waiting_ = std::move(still);
    return {};
  }

  std::string_view pack_;
  ObjectStore& store_;
  const PackLimits& limits_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  std::size_t spent_ = 0;
  std::unordered_map<std::size_t, git_oid> by_offset_;
  std::vector<git_oid> ids_;
  std::vector<Waiting> waiting_;
};

}  // namespace

Result<std::vector<git_oid>> read_pack(std::string_view pack, ObjectStore& store, const PackLimits& limits) {
  return PackReader(pack, store, limits).run();
}

}  // namespace samebits::git
