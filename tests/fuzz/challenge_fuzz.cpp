#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/challenge.hpp"

/// Whatever a server sends as challenges: names are lower case and nothing is made up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& challenge : samebits::http::parse_challenges(text)) {
    if (challenge.scheme.empty() || challenge.scheme.size() > size) std::abort();
    for (const auto& [name, value] : challenge.parameters)
      if (name.empty() || name.size() + value.size() > size) std::abort();
  }
  return 0;
}
