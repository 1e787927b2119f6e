#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/values_file.hpp>

#include "json/json.hpp"
#include "lines_and_file.hpp"

namespace {

using namespace samebits;

constexpr std::size_t max_paths = 8;

std::vector<ValuePath> paths_of(const std::vector<std::string_view>& lines) {
  std::vector<ValuePath> paths;
  for (const std::string_view line : lines)
    if (auto path = ValuePath::parse(line); path && paths.size() < max_paths) paths.push_back(*std::move(path));
  return paths;
}

/// What is answered is JSON, and the same where it is asked for alone.
void require_alone(std::string_view bytes, const ValuePath& path, const FoundValue* found) {
  if (found != nullptr && !parse_json(found->json, "found")) std::abort();
  const auto alone = read_values(bytes, std::vector<ValuePath>{path});
  if (!alone) std::abort();
  const std::optional<FoundValue>& one = alone->front();
  if (one.has_value() != (found != nullptr)) std::abort();
  if (one && (one->json != found->json || one->text != found->text || one->line != found->line)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = lines_and_file(data, size);
  if (!input) return 0;
  const auto paths = paths_of(input->lines);
  const std::string_view bytes = input->file;
  const auto found = read_values(bytes, paths, {.max_bytes = std::size_t{1} << 20});
  if (!found) return 0;
  if (found->size() != paths.size()) std::abort();
  for (std::size_t i = 0; i < paths.size(); ++i) require_alone(bytes, paths[i], (*found)[i] ? &*(*found)[i] : nullptr);
  return 0;
}
