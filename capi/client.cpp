#include "guard.hpp"

using namespace samebits;
using samebits::capi::guard;
using samebits::capi::OneCall;
using samebits::capi::Outcome;
using samebits::capi::Userdata;

namespace samebits::capi {

Result<void> OneCall::check() const {
  if (taken_) return {};
  return Error{.code = ErrorCode::bad_request,
               .message = "the client is in another call",
               .hint = "give each thread a client of its own, and do not use a client inside its own callback"};
}

Result<void> require_client(const sb_client* client) {
  if (client != nullptr) return {};
  return Error{
      .code = ErrorCode::bad_request, .message = "the client is NULL", .hint = "make one with sb_client_new()"};
}

}  // namespace samebits::capi

const char* sb_version(void) { return version().data(); }

const char* sb_features(void) {
  try {
    static const std::string text = features();
    return text.c_str();
  } catch (...) {
    return nullptr;
  }
}

sb_code sb_client_new(const char* config_json, sb_client** client, sb_result** result) {
  if (client != nullptr) *client = nullptr;
  std::unique_ptr<sb_client> made;
  const sb_code code = guard(result, [&]() -> Result<Outcome> {
    if (client == nullptr)
      return Error{.code = ErrorCode::bad_request,
                   .message = "there is no place for the client: it is NULL",
                   .hint = "give the address of an sb_client pointer"};
    auto options = parse_client_options(capi::request_text(config_json));
    if (!options) return std::move(options).error();
    made = std::make_unique<sb_client>();
    made->options = *std::move(options);
    made->options.promoter.log = [body = made.get()](LogLevel level, std::string_view line) {
      if (body->log != nullptr)
        body->log(body->log_userdata->get(), static_cast<std::int32_t>(level), std::string(line).c_str());
    };
    return Outcome{.json = features_without_libraries()};
  });
  // Only with a result that says so: whoever hears of a failure has nothing to free.
  if (code == SB_OK) *client = made.release();
  return code;
}

sb_code sb_client_set_cancel(sb_client* client, sb_cancel* cancel) {
  return guard(nullptr, [&]() -> Result<Outcome> {
    if (auto given = capi::require_client(client); !given) return std::move(given).error();
    const OneCall only(client);
    if (auto taken = only.check(); !taken) return std::move(taken).error();
    client->cancel = cancel == nullptr ? nullptr : &cancel->token;
    return Outcome{};
  });
}

sb_code sb_client_set_log(sb_client* client, sb_log_fn call, void* userdata, sb_drop_fn drop, sb_result** result) {
  auto owner = capi::own(userdata, drop);
  const OneCall only(client);
  const sb_code code = guard(result, [&]() -> Result<Outcome> {
    if (!owner) throw std::bad_alloc();
    if (auto given = capi::require_client(client); !given) return std::move(given).error();
    if (auto taken = only.check(); !taken) return std::move(taken).error();
    return Outcome{.json = features_without_libraries()};
  });
  if (code != SB_OK) return code;
  client->log = call;
  client->log_userdata = std::move(owner);
  return code;
}

void sb_client_free(sb_client* client) { delete client; }

sb_cancel* sb_cancel_new(void) { return new (std::nothrow) sb_cancel; }

void sb_cancel_fire(sb_cancel* cancel) {
  if (cancel != nullptr) cancel->token.fire();
}

void sb_cancel_reset(sb_cancel* cancel) {
  if (cancel != nullptr) cancel->token.reset();
}

void sb_cancel_free(sb_cancel* cancel) { delete cancel; }
