#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

#include "git/libgit2.hpp"

namespace samebits::git {

/// An object that has a file of its own. Source: gitformat-loose, "LOOSE OBJECTS": the type, the size and the bytes,
/// deflated as one.
struct LooseObject {
  git_object_t type = GIT_OBJECT_INVALID;
  std::string bytes;
};

/// What its file holds. Errors: out_of_memory.
Result<std::string> deflate_loose(git_object_t type, std::string_view bytes);

/// What `file` holds; nothing where it is damaged in any way but one: whether the bytes are those of its id is left to
/// whoever asked. Memory is that of what really is in the file, whatever it says.
std::optional<LooseObject> inflate_loose(std::string_view file);

}  // namespace samebits::git
