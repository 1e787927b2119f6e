#pragma once

#include <curl/curl.h>

#include <samebits/result.hpp>

namespace samebits::http {

// clang-format off
#define SB_LIBCURL(X) \
  X(global_init) X(version_info) X(getdate) X(slist_append) X(slist_free_all) X(easy_init) X(easy_cleanup) \
  X(easy_reset) X(easy_setopt) X(easy_getinfo) X(easy_strerror) X(multi_init) X(multi_cleanup) X(multi_setopt) \
  X(multi_add_handle) X(multi_remove_handle) X(multi_perform) X(multi_poll) X(multi_info_read)
// clang-format on

/// The functions of libcurl that are used, without their prefix.
struct Libcurl {
#define SB_FUNCTION(name) decltype(&::curl_##name) name = nullptr;
  SB_LIBCURL(SB_FUNCTION)
#undef SB_FUNCTION
};

/// Loads and starts it, once. Errors: internal, where this machine has no libcurl that can be loaded. Thread-safe.
Result<void> load_libcurl();

/// Only after `load_libcurl` has succeeded. Thread-safe.
const Libcurl& libcurl() noexcept;

}  // namespace samebits::http
