#pragma once

#include <memory>
#include <string>

#include "handles.hpp"

struct sb_reply {
  const samebits::Context& context;
  const samebits::PortQuestion& question;
  samebits::PortReply reply = {};
  samebits::capi::Members members = {};
  /// A question or an answer did not get through for want of memory: what the port makes of that does not count.
  bool no_memory = false;
};

namespace samebits::capi {

/// A port's questions, asked of a C function. Keeps what it was registered with.
class CallbackPort {
 public:
  CallbackPort(sb_port_fn call, std::shared_ptr<Userdata> userdata) : call_(call), userdata_(std::move(userdata)) {}

  Result<PortReply> operator()(Context& context, const PortQuestion& question) const {
    sb_reply reply{.context = context, .question = question};
    const sb_code code = call_(userdata_->get(), question.json.c_str(), &reply);
    if (reply.no_memory) throw std::bad_alloc();
    if (code == SB_OK) return std::move(reply.reply);
    return error_of(context, code, reply.reply);
  }

 private:
  static Error error_of(const Context& context, sb_code code, const PortReply& reply) {
    if (reply.json != "{}") return parse_error(reply.json);
    if (const auto wanted = context.check(); !wanted) return wanted.error();
    return {.code = ErrorCode::bad_answer,
            .message = std::string("a custom port ended with '") + sb_code_name(code) + "' and did not say why",
            .hint = "give an error's document with sb_reply_json()"};
  }

  sb_port_fn call_;
  std::shared_ptr<Userdata> userdata_;
};

}  // namespace samebits::capi
