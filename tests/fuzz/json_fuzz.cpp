#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <samebits/record.hpp>

#include "core/text.hpp"
#include "json/json.hpp"

/// What is read is written as valid text that is read as the same value, and a record comes back as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace samebits;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto record = Record::parse(bytes)) {
    const auto again = Record::parse(record->str());
    if (!again || again->str() != record->str()) std::abort();
  }
  const auto value = parse_json(bytes, "the text");
  if (!value) return 0;
  const std::string text = write_json(*value);
  if (!is_valid_utf8(text)) std::abort();
  const auto again = parse_json(text, "the text");
  if (!again || write_json(*again) != text) std::abort();
  const auto canonical = parse_json(canonical_json(*value), "the text");
  if (!canonical || canonical_json(*canonical) != canonical_json(*value)) std::abort();
  return 0;
}
