#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <samebits/credentials.hpp>
#include <samebits/image_ref.hpp>

#include "http/challenge.hpp"
#include "http/http.hpp"

namespace samebits::registry {

/// What a request does to the repository; `push` includes `pull`.
enum class Access { pull, push };

/// Gives the requests to one repository their Authorization: nothing until the registry asks, then what it asks for.
/// Tokens are kept while they are good.
/// Source: distribution, "Token Authentication Specification" and "OAuth 2"; RFC 7617.
class Authorizer {
 public:
  /// All are borrowed.
  Authorizer(http::Http& http, Credentials& credentials, const ImageRepo& repo)
      : http_(http), credentials_(credentials), repo_(repo) {}

  /// Adds what is known to be wanted.
  void authorize(http::Request& request, Access access) const;
  /// Answers the challenges of a 401. False: there is nothing else to try, and the refusal stands.
  /// Errors: auth, of the token server or of the credentials; bad_answer for a realm that must not be trusted.
  Result<bool> renew(Context& context, const http::Request& refused, const http::Response& refusal, Access access);

 private:
  struct Token {
    Secret value;
    Context::Clock::time_point expires;
  };

  Result<bool> renew_bearer(Context& context, const http::Request& refused, const http::Challenge& challenge,
                            Access access);
  Result<bool> renew_basic(Context& context, const http::Request& refused, Access access);
  Result<std::optional<Credential>> find_credential(Context& context, const http::Request& refused, Access access);
  Result<Token> exchange(Context& context, const http::Request& refused, const http::Challenge& challenge,
                         const std::optional<Credential>& credential, Access access);
  Result<http::Response> ask_token_server(Context& context, const http::Request& refused, const http::Url& realm,
                                          const http::Challenge& challenge, const std::optional<Credential>& credential,
                                          const std::vector<std::string>& scopes);
  std::vector<std::string> scopes_for(const http::Challenge& challenge, Access access) const;
  void keep(Access access, Token token);

  http::Http& http_;
  Credentials& credentials_;
  const ImageRepo& repo_;
  std::map<Access, Token> tokens_;
  std::optional<Secret> basic_;
  /// Texts that must not surface.
  std::vector<std::string> secrets_;
};

/// The token server that a challenge names, if credentials may go there.
/// Errors: bad_answer for none, for one without TLS where the registry has it, and for a private address that is not
/// the registry's own.
Result<http::Url> trusted_realm(const http::Url& registry, const std::string& realm);

}  // namespace samebits::registry
