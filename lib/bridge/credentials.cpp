#include "bridge/bridge.hpp"
#include "core/try.hpp"
#include "json/credential_json.hpp"

namespace samebits::bridge {
namespace {

/// Nothing where the answer holds nothing. All else must be whole: a credential that is misread would be silently none.
Result<std::optional<Credential>> read_credential(const Answer& answer) {
  Credential credential;
  SB_TRY(const auto username, answer.text("username"));
  credential.username = username.value_or("");
  for (const auto& [name, member] : secret_members) {
    SB_TRY(auto text, answer.text(name));
    if (text) credential.*member = Secret(*std::move(text));
  }
  if (answer.is_empty()) return std::optional<Credential>();
  if (const std::string fault = fault_of(credential); !fault.empty()) return answer.bad(fault);
  return std::optional(std::move(credential));
}

}  // namespace

CredentialCallback make_credentials(PortCall call) {
  return [call = std::move(call)](Context& context,
                                  const CredentialRequest& request) -> Result<std::optional<Credential>> {
    SB_TRY(const auto answer,
           Questions("credentials", "", call)
               .ask(context, "find",
                    Json::Object{{"url", request.url},
                                 {"use", request.use == CredentialRequest::Use::write ? "write" : "read"},
                                 {"refresh", request.refresh}}));
    return read_credential(answer);
  };
}

}  // namespace samebits::bridge
