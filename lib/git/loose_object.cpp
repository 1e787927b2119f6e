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

/// zlib counts in 32 bits; no file here comes near.
constexpr std::size_t max_file = std::size_t{1} << 30;

std::optional<std::string> inflated(std::string_view file) {
  if (file.size() > max_file) return std::nullopt;
  z_stream stream{};
  if (::inflateInit(&stream) != Z_OK) return std::nullopt;
  const std::unique_ptr<z_stream, InflateEnd> owner(&stream);
  // zlib only reads from it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data()));
  stream.avail_in = static_cast<uInt>(file.size());
  std::string whole(std::max<std::size_t>(4 * file.size(), 256), '\0');
  while (true) {
    stream.next_out = reinterpret_cast<Bytef*>(whole.data()) + stream.total_out;
    stream.avail_out = static_cast<uInt>(std::min(whole.size() - stream.total_out, max_file));
    const int status = ::inflate(&stream, Z_NO_FLUSH);
    if (status == Z_STREAM_END) break;
    if (status != Z_OK || (stream.avail_in == 0 && stream.avail_out != 0)) return std::nullopt;
    if (stream.total_out == whole.size()) whole.resize(2 * whole.size());
  }
  if (stream.avail_in != 0) return std::nullopt;
  whole.resize(stream.total_out);
  return whole;
}

}  // namespace

Result<std::string> deflate_loose(git_object_t type, std::string_view bytes) {
  std::string whole = fmt::format("{} {}", libgit2().object_type2string(type), bytes.size());
  whole += '\0';
  whole += bytes;
  const int level = type == GIT_OBJECT_TREE && bytes.size() > large_tree ? Z_NO_COMPRESSION : Z_BEST_SPEED;
  uLongf size = ::compressBound(whole.size());
  std::string deflated(size, '\0');
  if (::compress2(reinterpret_cast<Bytef*>(deflated.data()), &size, reinterpret_cast<const Bytef*>(whole.data()),
                  whole.size(), level) != Z_OK)
    return Error{.code = ErrorCode::out_of_memory, .message = "no memory left"};
  deflated.resize(size);
  return deflated;
}

std::optional<LooseObject> inflate_loose(std::string_view file) {
  auto whole = inflated(file);
  if (!whole) return std::nullopt;
  const std::size_t blank = whole->find(' ');
  const std::size_t end = whole->find('\0');
  if (end == std::string::npos || blank >= end) return std::nullopt;
  const git_object_t type = libgit2().object_string2type(whole->substr(0, blank).c_str());
  std::size_t size = 0;
  const char* const last = whole->data() + end;
  const auto [stop, failure] = std::from_chars(whole->data() + blank + 1, last, size);
  if (failure != std::errc() || stop != last || size != whole->size() - end - 1) return std::nullopt;
  if (libgit2().object_typeisloose(type) == 0) return std::nullopt;
  whole->erase(0, end + 1);
  return LooseObject{.type = type, .bytes = *std::move(whole)};
}

}  // namespace samebits::git
