#include "assemble/known_secrets.hpp"

#include "core/text.hpp"
#include "crypto/base64.hpp"
#include "http/url.hpp"
#include "json/json.hpp"

namespace samebits {
namespace {

/// Shorter ones may be words that a document has for another reason.
constexpr std::size_t shortest_in_data = 8;

/// `text` as it stands in a document, without the quotes.
std::string in_json(std::string_view text) {
  const std::string quoted = write_json(Json(text));
  return quoted.substr(1, quoted.size() - 2);
}

Json redacted_value(const Json& value, const http::Redactor& redactor) {
  if (value.string() != nullptr) return redactor.redacted(*value.string());
  if (value.array() != nullptr) {
    Json::Array items;
    for (const Json& item : *value.array()) items.push_back(redacted_value(item, redactor));
    return items;
  }
  if (value.object() == nullptr) return value;
  Json::Object members;
  for (const auto& [name, item] : *value.object()) members.emplace_back(name, redacted_value(item, redactor));
  return members;
}

}  // namespace

KnownSecrets::KnownSecrets(const NetworkOptions& options) {
  for (const CredentialEntry& entry : options.credentials) learn(entry.credential);
  for (const AppCredential& app : options.apps) learn_key(app.private_key.reveal());
  for (const Secret* proxy : {&options.proxy.https, &options.proxy.http}) learn_url(proxy->reveal());
}

void KnownSecrets::learn(const Credential& credential) {
  const std::lock_guard lock(mutex_);
  for (const Secret* secret :
       {&credential.password, &credential.token, &credential.identity_token, &credential.registry_token})
    if (!secret->empty()) learn(secret->reveal());
  // As the header has it, behind its "Basic ".
  if (!credential.password.empty())
    learn(std::string_view(basic_authorization(credential.username, credential.password).reveal()).substr(6));
}

void KnownSecrets::learn_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return;
  const std::string_view authority = url.substr(scheme + 3, url.find_first_of("/?#", scheme + 3) - (scheme + 3));
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return;
  const std::string_view person = authority.substr(0, at);
  const auto colon = person.find(':');
  const std::lock_guard lock(mutex_);
  // Without a colon it is a token.
  learn(colon == std::string_view::npos ? person : person.substr(colon + 1));
  learn(base64_encode(person));
}

void KnownSecrets::learn(std::string_view secret) {
  for (const std::string& form : {std::string(secret), in_json(secret), http::percent_encode(secret)}) {
    all_.learn(form);
    if (secret.size() >= shortest_in_data) longer_.learn(form);
  }
}

void KnownSecrets::learn_key(std::string_view pem) {
  const std::lock_guard lock(mutex_);
  for (std::string_view line : split(pem, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() >= shortest_in_data && !line.starts_with("-----")) learn(line);
  }
}

std::string KnownSecrets::redacted(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  return all_.redacted(text);
}

void KnownSecrets::redact(Error& error) const {
  const std::lock_guard lock(mutex_);
  all_.redact(error);
  error.where.file = all_.redacted(error.where.file);
}

std::string KnownSecrets::redacted_document(std::string json) const {
  const std::lock_guard lock(mutex_);
  if (longer_.redacted(json) == json) return json;
  const auto parsed = parse_json(json, "the document");
  return parsed ? write_json(redacted_value(*parsed, longer_)) : "{}";
}

}  // namespace samebits
