#pragma once

#include <curl/curl.h>

#include <samebits/result.hpp>

namespace samebits::http {

/// The functions of libcurl, which is loaded when the first of them is wanted, and stays: linked, it and the libraries
/// that come with it would take 3 ms of every start of every program, and most speak to no server.
struct Libcurl {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_version_info) version_info;
  decltype(&::curl_getdate) getdate;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_easy_reset) easy_reset;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_multi_init) multi_init;
  decltype(&::curl_multi_cleanup) multi_cleanup;
  decltype(&::curl_multi_setopt) multi_setopt;
  decltype(&::curl_multi_add_handle) multi_add_handle;
  decltype(&::curl_multi_remove_handle) multi_remove_handle;
  decltype(&::curl_multi_perform) multi_perform;
  decltype(&::curl_multi_poll) multi_poll;
  decltype(&::curl_multi_info_read) multi_info_read;
};

/// Loads and starts it, once. Errors: internal, where this machine has no libcurl that can be loaded. Thread-safe.
Result<void> load_libcurl();

/// Only after `load_libcurl` has succeeded. Thread-safe.
const Libcurl& libcurl() noexcept;

}  // namespace samebits::http
