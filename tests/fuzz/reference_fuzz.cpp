#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <samebits/image_ref.hpp>

/// Whatever a person writes as a reference: what is accepted reads back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace samebits;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto ref = ImageRef::parse(text);
  if (!ref) return 0;
  const auto again = ImageRef::parse(ref->str());
  if (!again || !(*again == *ref)) std::abort();
  for (const char c : ref->repo().host() + ref->repo().path())
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) std::abort();
  return 0;
}
