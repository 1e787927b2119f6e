#include "git/delta.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace samebits::git {
namespace {

constexpr unsigned copy_flag = 0x80;
constexpr std::size_t max_copy = 0xffffff;
constexpr std::size_t max_insert = 127;
constexpr std::size_t zero_means = 0x10000;

Error damaged() { return Error{.code = ErrorCode::bad_answer, .message = "the server sends a delta that is damaged"}; }

unsigned byte_of(char character) { return static_cast<unsigned char>(character); }

/// Reads the numbers of a delta.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool at_end() const noexcept { return rest_.empty(); }

  std::optional<std::uint64_t> size() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && !rest_.empty(); shift += 7) {
      const unsigned byte = take();
      value |= std::uint64_t{byte & 0x7f} << shift;
      if ((byte & copy_flag) == 0) return value;
    }
    return std::nullopt;
  }
  unsigned take() {
    const unsigned byte = byte_of(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  /// The bytes of a number that `flags` says are there, the lowest first.
  std::optional<std::size_t> sparse(unsigned flags, unsigned count) {
    std::size_t value = 0;
    for (unsigned index = 0; index < count; ++index) {
      if ((flags >> index & 1) == 0) continue;
      if (rest_.empty()) return std::nullopt;
      value |= std::size_t{take()} << (8 * index);
    }
    return value;
  }
  std::optional<std::string_view> bytes(std::size_t count) {
    if (count > rest_.size()) return std::nullopt;
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

 private:
  std::string_view rest_;
};

void put_size(std::string& out, std::size_t value) {
  for (; value >= copy_flag; value >>= 7) out += static_cast<char>((value & 0x7f) | copy_flag);
  out += static_cast<char>(value);
}

void put_copy(std::string& out, std::size_t offset, std::size_t size) {
  unsigned command = copy_flag;
  std::string numbers;
  for (unsigned index = 0; index < 4; ++index) {
    const auto byte = static_cast<unsigned>(offset >> (8 * index) & 0xff);
    if (byte == 0) continue;
    command |= 1U << index;
    numbers += static_cast<char>(byte);
  }
  for (unsigned index = 0; index < 3; ++index) {
    const auto byte = static_cast<unsigned>(size >> (8 * index) & 0xff);
    if (byte == 0) continue;
    command |= 0x10U << index;
    numbers += static_cast<char>(byte);
  }
  out += static_cast<char>(command);
  out += numbers;
}

void put_copies(std::string& out, std::size_t offset, std::size_t size) {
  while (size > 0) {
    const std::size_t part = std::min(size, max_copy);
    put_copy(out, offset, part);
    offset += part;
    size -= part;
  }
}

}  // namespace

Result<std::string> apply_delta(std::string_view base, std::string_view delta, std::size_t max_bytes) {
  Reader reader(delta);
  const auto base_size = reader.size();
  const auto target_size = reader.size();
  if (!base_size || !target_size || *base_size != base.size() || *target_size > max_bytes) return damaged();
  std::string target;
  target.reserve(*target_size);
  while (!reader.at_end()) {
    const unsigned command = reader.take();
    std::optional<std::string_view> part;
    if ((command & copy_flag) != 0) {
      const auto offset = reader.sparse(command & 0x0f, 4);
      const auto said = reader.sparse(command >> 4 & 0x07, 3);
      if (!offset || !said) return damaged();
      const std::size_t size = *said == 0 ? zero_means : *said;
      if (*offset > base.size() || size > base.size() - *offset) return damaged();
      part = base.substr(*offset, size);
    } else if (command != 0) {
      part = reader.bytes(command);
    }
    if (!part || part->size() > *target_size - target.size()) return damaged();
    target += *part;
  }
  if (target.size() != *target_size) return damaged();
  return target;
}

std::string make_delta(std::string_view base, std::string_view target) {
  const std::size_t shorter = std::min(base.size(), target.size());
  std::size_t head = 0;
  while (head < shorter && base[head] == target[head]) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head && base[base.size() - 1 - tail] == target[target.size() - 1 - tail]) ++tail;
  std::string delta;
  put_size(delta, base.size());
  put_size(delta, target.size());
  put_copies(delta, 0, head);
  for (std::size_t at = head; at < target.size() - tail;) {
    const std::size_t part = std::min(max_insert, target.size() - tail - at);
    delta += static_cast<char>(part);
    delta += target.substr(at, part);
    at += part;
  }
  put_copies(delta, base.size() - tail, tail);
  return delta;
}

}  // namespace samebits::git
