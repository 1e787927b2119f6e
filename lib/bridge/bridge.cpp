#include "bridge/bridge.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits::bridge {

const Json* Answer::find(std::string_view member) const noexcept {
  const Json* found = json_.find(member);
  return found == nullptr || found->is_null() ? nullptr : found;
}

bool Answer::is_empty() const noexcept {
  return std::all_of(json_.object()->begin(), json_.object()->end(),
                     [](const auto& member) { return member.second.is_null(); });
}

Error Answer::bad(std::string_view why) const {
  return {.code = ErrorCode::bad_answer,
          .message = fmt::format("{}: {}", asked_, printable(why)),
          .hint = "the custom port answers wrongly; capi/README.md says what it is asked"};
}

Result<std::optional<std::string>> Answer::text(std::string_view member) const {
  const Json* found = find(member);
  if (found == nullptr) return std::optional<std::string>();
  if (const std::string* text = found->string()) return std::optional<std::string>(*text);
  return bad(fmt::format("'{}' is no text", member));
}

Result<Json::Array> Answer::list(std::string_view member) const {
  const Json* found = find(member);
  if (found != nullptr && found->array() != nullptr) return *found->array();
  return bad(fmt::format("'{}' is no list", member));
}

Result<std::string> part_text(const Answer& answer, const Json& part, std::string_view member) {
  const Json* found = part.find(member);
  if (found != nullptr && found->string() != nullptr) return *found->string();
  return answer.bad(fmt::format("'{}' is missing or no text", member));
}

Result<Time> part_time(const Answer& answer, const Json& part, std::string_view member) {
  SB_TRY(const auto text, part_text(answer, part, member));
  auto time = parse_time(text);
  if (!time) return answer.bad(time.error().message);
  return *time;
}

bool part_flag(const Json& part, std::string_view member) {
  const Json* found = part.find(member);
  return found != nullptr && found->boolean() != nullptr && *found->boolean();
}

const Json::Array& part_items(const Json& part, std::string_view member) {
  static const Json::Array none;
  const Json* found = part.find(member);
  return found == nullptr || found->array() == nullptr ? none : *found->array();
}

std::vector<std::string> part_texts(const Json& part, std::string_view member) {
  std::vector<std::string> texts;
  for (const Json& item : part_items(part, member)) texts.push_back(item.string() != nullptr ? *item.string() : "");
  return texts;
}

Result<Answer> Questions::ask(Context& context, std::string_view operation, const Json& members,
                              std::vector<std::string_view> inputs) {
  SB_CHECK(context.check());
  Json question;
  question.add("port", port_);
  question.add("op", operation);
  if (!service_.empty()) question.add("service", service_);
  for (const auto& [name, value] : *members.object()) question.add(name, value);
  if (context.deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*context.deadline - Context::Clock::now());
    question.add("deadlineMs", static_cast<std::int64_t>(left.count()));
  }
  SB_TRY(auto reply, call_(context, {.json = write_json(question), .inputs = std::move(inputs)}));
  const Answer empty(fmt::format("the port '{}', asked for '{}'", port_, operation), Json(Json::Object{}), {});
  auto json = parse_json(reply.json, "the answer");
  if (!json) return empty.bad(json.error().message);
  if (json->object() == nullptr) return empty.bad("the answer is no JSON object");
  return Answer(fmt::format("the port '{}', asked for '{}'", port_, operation), *std::move(json),
                std::move(reply.bytes));
}

}  // namespace samebits::bridge
