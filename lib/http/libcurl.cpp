#include "http/libcurl.hpp"

#include <fmt/format.h>

#include "system/shared_library.hpp"

namespace samebits::http {
namespace {

struct Loaded {
  Libcurl functions;
  std::string failure;
};

Loaded load() {
  Libcurl curl;
  // Its name has been this since 2006.
  SharedLibrary library("libcurl.so.4");
#define SB_FIND(name) library.find(curl.name, "curl_" #name);
  SB_LIBCURL(SB_FIND)
#undef SB_FIND
  if (library.failure().empty() && curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return {curl, "it does not start"};
  return {curl, library.failure()};
}

const Loaded& loaded() {
  static const Loaded once = load();
  return once;
}

}  // namespace

Result<void> load_libcurl() {
  if (loaded().failure.empty()) return {};
  return Error{.code = ErrorCode::internal,
               .message = fmt::format("libcurl cannot be loaded: {}", loaded().failure),
               .hint = "install it (Debian: libcurl4); all that speaks HTTP needs it"};
}

const Libcurl& libcurl() noexcept { return loaded().functions; }

}  // namespace samebits::http
