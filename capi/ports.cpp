#include "callback_port.hpp"
#include "guard.hpp"

using namespace samebits;
using samebits::capi::guard;
using samebits::capi::InCall;
using samebits::capi::Outcome;

sb_code sb_client_set_port(sb_client* client, const char* port, sb_port_fn call, void* userdata, sb_drop_fn drop,
                           sb_result** result) {
  auto owner = capi::own(userdata, drop);
  const InCall in_call(client);
  std::optional<ClientOptions> options;
  const sb_code code = guard(result, [&]() -> Result<Outcome> {
    if (!owner) throw std::bad_alloc();
    if (auto given = capi::require_client(client); !given) return std::move(given).error();
    if (auto taken = in_call.check(); !taken) return std::move(taken).error();
    PortCall answer;
    if (call != nullptr) answer = capi::CallbackPort(call, std::move(owner));
    options = client->options;
    if (auto set = set_port(*options, port == nullptr ? "" : port, answer); !set) return std::move(set).error();
    return Outcome{.json = features_without_libraries()};
  });
  // Only with a result that says so: whoever hears of a failure has registered nothing.
  if (code != SB_OK) return code;
  std::swap(client->options, *options);
  client->open.reset();
  return code;
}

namespace {

/// Notes that an answer was lost.
sb_code kept(sb_reply* reply, sb_code code) noexcept {
  if (code == SB_INTERNAL && reply != nullptr) reply->no_memory = true;
  return code;
}

}  // namespace

sb_code sb_reply_json(sb_reply* reply, const char* json) {
  const sb_code code = guard(nullptr, [&]() -> Result<Outcome> {
    if (reply == nullptr) return Error{.code = ErrorCode::bad_request, .message = "the reply is NULL"};
    reply->reply.json = capi::request_text(json);
    return Outcome{};
  });
  return kept(reply, code);
}

sb_code sb_reply_bytes(sb_reply* reply, const void* bytes, size_t size) {
  const sb_code code = guard(nullptr, [&]() -> Result<Outcome> {
    if (reply == nullptr || (bytes == nullptr && size > 0))
      return Error{.code = ErrorCode::bad_request, .message = "the reply or the bytes are NULL"};
    reply->reply.bytes.emplace(static_cast<const char*>(bytes), size);
    return Outcome{};
  });
  return kept(reply, code);
}

const char* sb_reply_get(sb_reply* reply, const char* pointer) {
  if (reply == nullptr || pointer == nullptr) return nullptr;
  return reply->members.find(reply->question.json, pointer, &reply->no_memory);
}

const void* sb_reply_input(const sb_reply* reply, size_t index, size_t* size) {
  const bool there = reply != nullptr && index < reply->question.inputs.size();
  if (size != nullptr) *size = there ? reply->question.inputs[index].size() : 0;
  return there ? reply->question.inputs[index].data() : nullptr;
}

int32_t sb_reply_cancelled(const sb_reply* reply) {
  if (reply == nullptr) return 0;
  const Context& context = reply->context;
  if (context.cancel != nullptr && context.cancel->fired()) return 1;
  return context.deadline && Context::Clock::now() >= *context.deadline ? 1 : 0;
}
