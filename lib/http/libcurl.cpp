#include "http/libcurl.hpp"

#include <dlfcn.h>
#include <optional>

namespace samebits::http {
namespace {

/// Its name has been this since 2006; all that is used is older than the libcurl whose header was compiled.
constexpr const char* file_name = "libcurl.so.4";

struct Loaded {
  Libcurl functions{};
  std::optional<Error> error;
};

Error cannot_load(const char* reason) {
  return {.code = ErrorCode::internal,
          .message = fmt::format("libcurl cannot be loaded: {}", reason),
          .hint = "install it (Debian: libcurl4); all that speaks HTTP needs it"};
}

Loaded load() {
  Loaded loaded;
  void* library = ::dlopen(file_name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    loaded.error = cannot_load(::dlerror());
    return loaded;
  }
  const auto find = [&](auto& function, const char* name) {
    // POSIX: what dlsym gives for a function is a pointer to it.
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
    if (function == nullptr && !loaded.error) loaded.error = cannot_load(::dlerror());
  };
  Libcurl& curl = loaded.functions;
  find(curl.global_init, "curl_global_init");
  find(curl.version_info, "curl_version_info");
  find(curl.getdate, "curl_getdate");
  find(curl.slist_append, "curl_slist_append");
  find(curl.slist_free_all, "curl_slist_free_all");
  find(curl.easy_init, "curl_easy_init");
  find(curl.easy_cleanup, "curl_easy_cleanup");
  find(curl.easy_reset, "curl_easy_reset");
  find(curl.easy_setopt, "curl_easy_setopt");
  find(curl.easy_getinfo, "curl_easy_getinfo");
  find(curl.easy_strerror, "curl_easy_strerror");
  find(curl.multi_init, "curl_multi_init");
  find(curl.multi_cleanup, "curl_multi_cleanup");
  find(curl.multi_setopt, "curl_multi_setopt");
  find(curl.multi_add_handle, "curl_multi_add_handle");
  find(curl.multi_remove_handle, "curl_multi_remove_handle");
  find(curl.multi_perform, "curl_multi_perform");
  find(curl.multi_poll, "curl_multi_poll");
  find(curl.multi_info_read, "curl_multi_info_read");
  if (!loaded.error && curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    loaded.error = cannot_load("it does not start");
  return loaded;
}

const Loaded& loaded() {
  static const Loaded once = load();
  return once;
}

}  // namespace

Result<void> load_libcurl() {
  if (loaded().error) return *loaded().error;
  return {};
}

const Libcurl& libcurl() noexcept { return loaded().functions; }

}  // namespace samebits::http
