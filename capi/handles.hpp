#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <samebits.h>
#include <string>

#include <samebits/samebits.hpp>

// The private bodies of the public handles.

struct sb_cancel {
  samebits::CancelToken token;
};

namespace samebits::capi {

/// Members of a document that were asked for: their text lives as long as this. The document is parsed when the first
/// one is wanted. Thread: safe.
class Members {
 public:
  /// NULL where nothing or null is at the pointer, or, which `no_memory` then says, where there is no memory for it.
  const char* find(const std::string& json, const char* pointer, bool* no_memory = nullptr) noexcept;

 private:
  std::mutex mutex_;
  std::optional<Document> document_;
  std::map<std::string, std::string, std::less<>> found_;
};

/// What a callback was registered with; dropped once.
class Userdata {
 public:
  Userdata(void* data, sb_drop_fn drop) noexcept : data_(data), drop_(drop) {}
  Userdata(const Userdata&) = delete;
  Userdata& operator=(const Userdata&) = delete;
  ~Userdata() {
    if (drop_ != nullptr) drop_(data_);
  }
  void* get() const noexcept { return data_; }

 private:
  void* data_;
  sb_drop_fn drop_;
};

/// Takes what a callback is registered with; nothing, after the drop, if there is no memory.
inline std::shared_ptr<Userdata> own(void* data, sb_drop_fn drop) noexcept {
  auto* made = new (std::nothrow) Userdata(data, drop);
  if (made == nullptr) {
    if (drop != nullptr) drop(data);
    return nullptr;
  }
  try {
    return std::shared_ptr<Userdata>(made);
  } catch (...) {
    return nullptr;  // the constructor has freed it
  }
}

}  // namespace samebits::capi

struct sb_result {
  samebits::ErrorKind kind = samebits::ErrorKind::none;
  std::string json = {};
  /// For people, of an error.
  std::string message = {};
  std::optional<std::string> bytes = {};
  mutable samebits::capi::Members members = {};
};

struct sb_client {
  samebits::ClientOptions options;
  /// Made by the first operation after a port was set.
  std::optional<samebits::Client> open;
  const samebits::CancelToken* cancel = nullptr;
  sb_log_fn log = nullptr;
  std::shared_ptr<samebits::capi::Userdata> log_userdata;
  /// Set while a call runs, so that a second one is refused instead of a race.
  std::atomic<bool> busy = false;
};
