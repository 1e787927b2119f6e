#include <filesystem>

#include <samebits/local_file.hpp>

#include "system/files.hpp"

namespace samebits {

Result<void> write_local_file(const std::string& path, std::string_view bytes) {
  std::error_code failure;
  const std::filesystem::path real = std::filesystem::canonical(path, failure);
  return replace_file(failure ? std::filesystem::path(path) : real, bytes);
}

}  // namespace samebits
