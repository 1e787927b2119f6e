#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/link.hpp"

/// Whatever a server sends as Link: a page that is followed is at the same origin.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace samebits::http;
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const Url base = *Url::parse("https://registry.example/v2/app/tags/list");
  const auto next = next_page({.status = 200, .headers = {{"Link", text}}, .url = base});
  if (!next || !*next) return 0;
  if ((*next)->origin() != base.origin()) std::abort();
  const auto again = Url::parse((*next)->str());
  if (!again || again->str() != (*next)->str()) std::abort();
  return 0;
}
