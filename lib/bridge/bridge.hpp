#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <samebits/bridge.hpp>

#include "json/json.hpp"

namespace samebits::bridge {

/// An answer whose document was parsed.
class Answer {
 public:
  Answer(std::string asked, Json json, std::optional<std::string> bytes)
      : asked_(std::move(asked)), json_(std::move(json)), bytes_(std::move(bytes)) {}

  const std::optional<std::string>& bytes() const noexcept { return bytes_; }
  /// The bytes, to be kept.
  std::string take_bytes() { return *std::move(bytes_); }
  const Json* find(std::string_view member) const noexcept;
  /// Whether no member says anything: there is none, or all are null.
  bool is_empty() const noexcept;
  /// Nothing where it is absent or null. Errors: bad_answer where it is no text.
  Result<std::optional<std::string>> text(std::string_view member) const;
  /// Errors: bad_answer where it is no list.
  Result<Json::Array> list(std::string_view member) const;
  /// The member as `T::parse` reads it. Errors: bad_answer.
  template <class T>
  Result<std::optional<T>> value(std::string_view member) const {
    auto found = text(member);
    if (!found) return std::move(found).error();
    if (!*found) return std::optional<T>();
    auto parsed = T::parse(**found);
    if (!parsed) return bad(parsed.error().message);
    return std::optional<T>(*std::move(parsed));
  }
  Error bad(std::string_view why) const;

 private:
  std::string asked_;
  Json json_;
  std::optional<std::string> bytes_;
};

/// One member's text of a part of an answer. Errors: bad_answer where it is missing or no text.
Result<std::string> part_text(const Answer& answer, const Json& part, std::string_view member);
template <class T>
Result<T> part_value(const Answer& answer, const Json& part, std::string_view member) {
  auto text = part_text(answer, part, member);
  if (!text) return std::move(text).error();
  auto parsed = T::parse(*text);
  if (!parsed) return answer.bad(parsed.error().message);
  return *std::move(parsed);
}
Result<Time> part_time(const Answer& answer, const Json& part, std::string_view member);
/// False where it is absent or no boolean.
bool part_flag(const Json& part, std::string_view member);
/// Nothing where it is absent or no list.
const Json::Array& part_items(const Json& part, std::string_view member);
/// The texts of a list; "" for an item that is none.
std::vector<std::string> part_texts(const Json& part, std::string_view member);

/// Asks the questions of one port.
class Questions {
 public:
  Questions(std::string_view port, std::string service, PortCall call)
      : port_(port), service_(std::move(service)), call_(std::move(call)) {}

  /// `members` are those of the operation. Errors: those that the port gave; bad_answer; cancelled, timed_out.
  Result<Answer> ask(Context& context, std::string_view operation, const Json& members = Json(Json::Object{}),
                     std::vector<std::string_view> inputs = {});
  const std::string& service() const noexcept { return service_; }

 private:
  std::string port_;
  std::string service_;
  PortCall call_;
};

// `location` is what documents and messages name.
std::unique_ptr<GitOps> make_gitops(PortCall call, std::string location, std::string branch);
std::unique_ptr<Source> make_source(PortCall call, std::string service, std::string location);
std::unique_ptr<Evidence> make_evidence(PortCall call, std::string service, std::string location);
std::unique_ptr<Changes> make_changes(PortCall call, std::string service, std::string location);
std::unique_ptr<Releases> make_releases(PortCall call, std::string service, std::string location);
std::unique_ptr<Registry> make_registry(PortCall call, std::string service, std::string location);
std::unique_ptr<Reconciler> make_reconciler(PortCall call, std::string location);
std::unique_ptr<Clock> make_clock(PortCall call);
CredentialCallback make_credentials(PortCall call);

}  // namespace samebits::bridge
