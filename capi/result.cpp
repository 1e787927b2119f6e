#include <sstream>

#include "guard.hpp"

namespace samebits::capi {
namespace {

const Error memory_error{.code = ErrorCode::out_of_memory,
                         .message = "there is no memory left",
                         .hint = "free some and call again: what was done is kept"};

std::string message_of(const Error& error) {
  std::ostringstream text;
  text << error;
  return std::move(text).str();
}

std::unique_ptr<sb_result> make_result(Outcome&& outcome) {
  auto made = std::make_unique<sb_result>();
  made->kind = outcome.kind;
  made->json = std::move(outcome.json);
  made->bytes = std::move(outcome.bytes);
  return made;
}

std::unique_ptr<sb_result> make_result(const Error& error) {
  auto made = make_result(Outcome{.json = to_json(error), .kind = error.kind()});
  made->message = message_of(error);
  return made;
}

/// Made when the library is loaded, while there is memory.
sb_result* const shared_no_memory = make_result(memory_error).release();

}  // namespace

const char* Members::find(const std::string& json, const char* pointer, bool* no_memory) noexcept {
  try {
    const std::scoped_lock lock(mutex_);
    if (const auto known = found_.find(pointer); known != found_.end()) return known->second.c_str();
    if (!document_) {
      auto parsed = Document::parse(json);
      if (!parsed) return nullptr;
      document_ = *std::move(parsed);
    }
    auto found = document_->get(pointer);
    if (!found) return nullptr;
    return found_.emplace(pointer, *std::move(found)).first->second.c_str();
  } catch (...) {
    if (no_memory != nullptr) *no_memory = true;
    return nullptr;
  }
}

sb_result* out_of_memory_result() noexcept { return shared_no_memory; }

sb_code deliver(sb_result** result, Result<Outcome>&& outcome) noexcept {
  const ErrorKind kind = outcome ? outcome->kind : outcome.error().kind();
  if (result != nullptr) {
    try {
      *result = (outcome ? make_result(*std::move(outcome)) : make_result(outcome.error())).release();
    } catch (...) {
      return deliver_out_of_memory(result);
    }
  }
  return static_cast<sb_code>(kind);
}

sb_code deliver_out_of_memory(sb_result** result) noexcept {
  if (result != nullptr) *result = out_of_memory_result();
  return SB_INTERNAL;
}

sb_code deliver_fault(sb_result** result, const char* what) noexcept {
  try {
    return deliver(result, Error{.code = ErrorCode::internal,
                                 .message = std::string("an unexpected fault: ") + what,
                                 .hint = "this is a bug of samebits: please report it with what was called"});
  } catch (...) {
    return deliver_out_of_memory(result);
  }
}

}  // namespace samebits::capi

using samebits::ErrorKind;

const char* sb_code_name(sb_code code) {
  if (code == SB_OK) return "ok";
  const auto name = samebits::to_string(static_cast<ErrorKind>(code));
  return name.empty() ? "internal" : name.data();
}

sb_code sb_result_code(const sb_result* result) {
  return result == nullptr ? SB_INTERNAL : static_cast<sb_code>(result->kind);
}

const char* sb_result_json(const sb_result* result) { return result == nullptr ? "" : result->json.c_str(); }

const char* sb_result_message(const sb_result* result) { return result == nullptr ? "" : result->message.c_str(); }

const char* sb_result_get(const sb_result* result, const char* pointer) {
  return result == nullptr || pointer == nullptr ? nullptr : result->members.find(result->json, pointer);
}

const void* sb_result_bytes(const sb_result* result, size_t* size) {
  const bool has_bytes = result != nullptr && result->bytes;
  if (size != nullptr) *size = has_bytes ? result->bytes->size() : 0;
  return has_bytes ? result->bytes->c_str() : nullptr;
}

void sb_result_free(sb_result* result) {
  if (result != samebits::capi::out_of_memory_result()) delete result;
}
