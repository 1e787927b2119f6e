#include <chrono>

#include <samebits/clock.hpp>

#include "core/text.hpp"
#include "crypto/base64.hpp"
#include "servers/github_answer.hpp"
#include "servers/github_double.hpp"

namespace samebits::test {

namespace {

/// What an app says of itself; nothing where it is no such token. Whether it was signed is for the signer's own tests.
std::optional<Json> claims_of(const std::string& authorization) {
  const auto parts = split(authorization, '.');
  if (!authorization.starts_with("Bearer ") || parts.size() != 3) return std::nullopt;
  std::string text(parts[1]);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  const auto plain = base64_decode(text);
  auto claims = plain ? parse_json(*plain, "the claims") : Result<Json>(Error{});
  return claims ? std::optional(*std::move(claims)) : std::nullopt;
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

/// An app's own token opens nothing but the making of installation tokens, and each of those what it was made for.
std::optional<Answer> GithubDouble::authenticate(const Asked& asked, const std::string& path) {
  const std::string given = asked.field("authorization");
  allowed_ = permissions;
  if (!needs_token || given == std::string("Bearer ") + token) return std::nullopt;
  if (given.empty()) return github_error(404, "Not Found");
  if (path.ends_with("/installation") || path.ends_with("/access_tokens")) return give_token(asked, path);
  const auto known = tokens_.find(given.starts_with("Bearer ") ? given.substr(7) : "");
  if (known == tokens_.end()) return github_error(401, "Bad credentials");
  allowed_ = known->second;
  return std::nullopt;
}

Answer GithubDouble::give_token(const Asked& asked, const std::string& path) {
  const auto claims = claims_of(asked.field("authorization"));
  if (!claims || claims->text("iss") != std::to_string(own_app))
    return github_error(401, "A JSON web token could not be decoded");
  const std::int64_t from = *claims->find("iat")->integer();
  const std::int64_t until = *claims->find("exp")->integer();
  if (from > now() || until < now() || until - from > 600)
    return github_error(401, "'Expiration time' claim ('exp') is too far in the future");
  Json json;
  if (path.ends_with("/installation")) {
    json.add("id", 77);
    return {.fields = {{"Content-Type", "application/json"}}, .body = write_json(json)};
  }
  if (!path.ends_with("/installations/77/access_tokens")) return github_error(404, "Not Found");
  const auto wanted = parse_json(asked.body, "the body");
  exchanged.push_back(*wanted);
  std::set<std::string> granted = {"metadata=read"};
  for (const auto& [name, level] : *wanted->find("permissions")->object()) {
    if (!permissions.contains(name + "=" + *level.string()))
      return github_error(422, "The permissions requested are not granted to this installation.");
    granted.insert(name + "=" + *level.string());
  }
  const std::string made = "ghs_installation" + std::to_string(exchanged.size());
  tokens_[made] = std::move(granted);
  json.add("token", made);
  json.add("expires_at", format_time(Time(std::chrono::seconds(now() + token_life))));
  return {.status = 201, .fields = {{"Content-Type", "application/json"}}, .body = write_json(json)};
}

}  // namespace samebits::test
