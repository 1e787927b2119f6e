#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <zlib.h>

#include <samebits/result.hpp>

#include "git/libgit2.hpp"

namespace samebits::git {

/// An object that has a file of its own. Source: gitformat-loose, "LOOSE OBJECTS": the type, the size and the bytes,
/// deflated as one.
struct LooseObject {
  git_object_t type = GIT_OBJECT_INVALID;
  std::string bytes;
};

/// Makes the bytes of files, one after the other: what zlib needs for it is more than most objects are, and serves all.
class LooseDeflater {
 public:
  /// What the file of this object holds. Errors: out_of_memory.
  Result<std::string> deflate(git_object_t type, std::string_view bytes);

 private:
  /// What zlib keeps for one way to deflate, from the first use on.
  class Stream {
   public:
    Stream(int level, int window_bits, int memory) : level_(level), window_bits_(window_bits), memory_(memory) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream();
    Result<std::string> deflate(std::string_view head, std::string_view bytes);

   private:
    int level_;
    int window_bits_;
    int memory_;
    z_stream stream_{};
    bool begun_ = false;
  };

  /// What stays as it is needs the least of zlib that there is.
  Stream plain_{Z_NO_COMPRESSION, 9, 1};
  Stream smaller_{Z_BEST_SPEED, MAX_WBITS, 8};
};

/// What stands before an object's bytes, in its file and where its id is computed.
std::string loose_header_of(git_object_t type, std::size_t size);

/// The same, read.
struct LooseHeader {
  git_object_t type = GIT_OBJECT_INVALID;
  /// Of the object's bytes.
  std::size_t size = 0;
  /// Of the header.
  std::size_t length = 0;
};
/// What `file` begins with; nothing where that is no header.
std::optional<LooseHeader> loose_header(std::string_view file);

/// What `file` holds; nothing where it is damaged in any way but one: whether the bytes are those of its id is left to
/// whoever asked. Memory is that of what really is in the file, whatever it says.
std::optional<LooseObject> inflate_loose(std::string_view file);

}  // namespace samebits::git
