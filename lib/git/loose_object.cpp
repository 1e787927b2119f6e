#include "git/loose_object.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <zlib.h>

#include <fmt/format.h>

namespace samebits::git {
namespace {

struct InflateEnd {
  void operator()(z_stream* stream) const noexcept { ::inflateEnd(stream); }
};

/// Of a large folder nearly all is ids, which no effort makes smaller.
constexpr std::size_t large_tree = std::size_t{64} << 10;

/// A file of this size takes one block of the disk, as a smaller one does. Whoever packs the objects deflates them
/// anew.
constexpr std::size_t one_block = 4000;

/// zlib counts in 32 bits; no file here comes near.
constexpr std::size_t max_file = std::size_t{1} << 30;

std::optional<LooseHeader> header_in(std::string_view inflated) {
  const std::size_t blank = inflated.find(' ');
  const std::size_t end = inflated.find('\0');
  if (end == std::string_view::npos || blank >= end) return std::nullopt;
  LooseHeader header{.type = libgit2().object_string2type(std::string(inflated.substr(0, blank)).c_str()),
                     .length = end + 1};
  const char* const last = inflated.data() + end;
  const auto [stop, failure] = std::from_chars(inflated.data() + blank + 1, last, header.size);
  if (failure != std::errc() || stop != last || libgit2().object_typeisloose(header.type) == 0) return std::nullopt;
  return header;
}

enum class Wanted { whole, begin };

/// All of it, for which `room` is a guess, or the `room` bytes that it begins with.
std::optional<std::string> inflated(std::string_view file, std::size_t room, Wanted wanted = Wanted::whole) {
  if (file.size() > max_file) return std::nullopt;
  z_stream stream{};
  if (::inflateInit(&stream) != Z_OK) return std::nullopt;
  const std::unique_ptr<z_stream, InflateEnd> owner(&stream);
  // zlib only reads from it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data()));
  stream.avail_in = static_cast<uInt>(file.size());
  std::string whole(room, '\0');
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(whole.data()) + stream.total_out;
    stream.avail_out = static_cast<uInt>(std::min(whole.size() - stream.total_out, max_file));
    // To the end at once: zlib keeps no window of its own then.
    const int status = ::inflate(&stream, Z_FINISH);
    if (status == Z_STREAM_END) break;
    if (status != Z_BUF_ERROR || stream.avail_out != 0) return std::nullopt;
    if (wanted == Wanted::begin) return whole;
    if (stream.total_out == whole.size()) whole.resize(2 * whole.size());
  }
  if (stream.avail_in != 0) return std::nullopt;
  whole.resize(stream.total_out);
  return whole;
}

}  // namespace

LooseDeflater::Stream::~Stream() {
  if (begun_) ::deflateEnd(&stream_);
}

Result<std::string> LooseDeflater::Stream::deflate(std::string_view head, std::string_view bytes) {
  const Error no_memory{.code = ErrorCode::out_of_memory, .message = "no memory left"};
  if (bytes.size() > max_file) return no_memory;
  begun_ = begun_ || ::deflateInit2(&stream_, level_, Z_DEFLATED, window_bits_, memory_, Z_DEFAULT_STRATEGY) == Z_OK;
  if (!begun_ || ::deflateReset(&stream_) != Z_OK) return no_memory;
  std::string deflated(::deflateBound(&stream_, head.size() + bytes.size()), '\0');
  stream_.next_out = reinterpret_cast<Bytef*>(deflated.data());
  stream_.avail_out = static_cast<uInt>(deflated.size());
  const auto take = [&](std::string_view part, int flush) {
    // zlib only reads from it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));
    stream_.avail_in = static_cast<uInt>(part.size());
    return ::deflate(&stream_, flush);
  };
  if (take(head, Z_NO_FLUSH) != Z_OK || take(bytes, Z_FINISH) != Z_STREAM_END) return no_memory;
  deflated.resize(stream_.total_out);
  return deflated;
}

Result<std::string> LooseDeflater::deflate(git_object_t type, std::string_view bytes) {
  const bool as_it_is = bytes.size() <= one_block || (type == GIT_OBJECT_TREE && bytes.size() > large_tree);
  return (as_it_is ? plain_ : smaller_).deflate(loose_header_of(type, bytes.size()), bytes);
}

std::string loose_header_of(git_object_t type, std::size_t size) {
  return fmt::format("{} {}", libgit2().object_type2string(type), size) + '\0';
}

std::optional<LooseHeader> loose_header(std::string_view file) {
  // Of all kinds and sizes.
  constexpr std::size_t longest = 32;
  return header_in(inflated(file, longest, Wanted::begin).value_or(""));
}

std::optional<LooseObject> inflate_loose(std::string_view file) {
  std::size_t room = std::max<std::size_t>(4 * file.size(), 256);
  // Memory is dear where it is much, and what the file says holds nearly always.
  if (file.size() > one_block)
    if (const auto said = loose_header(file); said && said->size < room) room = said->length + said->size;
  auto whole = inflated(file, room);
  if (!whole) return std::nullopt;
  const auto header = header_in(*whole);
  if (!header || header->size != whole->size() - header->length) return std::nullopt;
  whole->erase(0, header->length);
  return LooseObject{.type = header->type, .bytes = *std::move(whole)};
}

}  // namespace samebits::git
