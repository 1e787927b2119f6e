// The configuration of a client. Its errors name members and never say what stands in one that may hold a secret.
#include "json/credential_json.hpp"
#include "json/request_reader.hpp"

namespace samebits {
namespace {

Error wrong_member(std::string_view path, std::string_view what, std::string_view hint = "") {
  return {.code = ErrorCode::bad_request,
          .message = fmt::format("the member '{}' of the request {}", path, what),
          .hint = std::string(hint)};
}

/// Nothing that ends a line, no blanks.
bool is_one_word(std::string_view text) {
  return !text.empty() &&
         std::none_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c <= ' ') || c == 0x7F; });
}

/// `https://host[:port][/path]`, or without the scheme.
bool is_target(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"})
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  return is_one_word(text) && !text.starts_with('/') && text.find("://") == std::string_view::npos &&
         text.find_first_of("@?#") == std::string_view::npos;
}

Result<CredentialEntry> read_credential(const Json& json, const std::string& path) {
  SB_TRY(auto reader, RequestReader::part(json, path));
  CredentialEntry entry;
  reader.required("for", entry.target).text("username", entry.credential.username);
  for (const auto& [name, member] : secret_members) {
    std::string text;
    reader.text(name, text);
    entry.credential.*member = Secret(std::move(text));
  }
  SB_CHECK(reader.finish());
  if (!is_target(entry.target))
    return wrong_member(path + ".for", "must be https://HOST[:PORT][/PATH], without a name or a password");
  if (const std::string fault = fault_of(entry.credential); !fault.empty())
    return wrong_member(path, "is no credential: " + fault,
                        R"(give {"for": ..., "token": ...} or {"for": ..., "username": ..., "password": ...})");
  return entry;
}

Result<std::vector<CredentialEntry>> read_credentials(const Json* json) {
  std::vector<CredentialEntry> entries;
  if (json == nullptr) return entries;
  if (json->array() == nullptr)
    return wrong_member("credentials", "must be a list", R"(give [{"for": "https://HOST", "token": ...}])");
  for (const Json& item : *json->array()) {
    SB_TRY(auto entry, read_credential(item, fmt::format("credentials[{}]", entries.size())));
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// `https://HOST[/OWNER[/REPOSITORY]]`: for what an app acts.
bool is_app_scope(std::string_view text) {
  if (!is_target(text) || text.ends_with('/') || text.find("//", 8) != std::string_view::npos) return false;
  for (const std::string_view scheme : {"https://", "http://"})
    if (text.starts_with(scheme)) return std::count(text.begin(), text.end(), '/') <= 4;
  return false;
}

/// Of an app: the key is looked at when it is first used.
Result<AppCredential> read_app(const Json& json, const std::string& path) {
  SB_TRY(auto reader, RequestReader::part(json, path));
  AppCredential app;
  std::string key;
  SB_CHECK(reader.required("repository", app.repository)
               .required("app", app.app)
               .text("privateKey", key)
               .text("privateKeyFile", app.private_key_file)
               .text("installation", app.installation)
               .finish());
  if (key.empty() == app.private_key_file.empty())
    return wrong_member(path, "must have one of 'privateKey' and 'privateKeyFile'");
  app.private_key = Secret(std::move(key));
  if (!is_app_scope(app.repository)) return wrong_member(path + ".repository", "must be https://HOST/OWNER/REPOSITORY");
  for (const auto& [name, text] : {std::pair("app", &app.app), std::pair("installation", &app.installation)})
    if (!text->empty() && (!is_one_word(*text) || text->find('/') != std::string::npos))
      return wrong_member(fmt::format("{}.{}", path, name), "must be a number or a client id");
  return app;
}

Result<std::vector<AppCredential>> read_apps(const Json* json) {
  std::vector<AppCredential> apps;
  if (json == nullptr) return apps;
  if (json->array() == nullptr)
    return wrong_member("apps", "must be a list", R"(give [{"repository": ..., "app": ..., "privateKey": ...}])");
  for (const Json& item : *json->array()) {
    SB_TRY(auto app, read_app(item, fmt::format("apps[{}]", apps.size())));
    apps.push_back(std::move(app));
  }
  return apps;
}

Result<GitPrograms> read_git(const Json* json) {
  GitPrograms programs;
  if (json == nullptr) return programs;
  SB_TRY(auto reader, RequestReader::part(*json, "git"));
  std::vector<std::string> ssh;
  SB_CHECK(reader.text("path", programs.path)
               .texts("environment", programs.environment)
               .texts("ssh", ssh)
               .flag("credentialHelpers", programs.credential_helpers)
               .finish());
  for (std::size_t i = 0; i < programs.environment.size(); ++i)
    if (const auto equals = programs.environment[i].find('='); equals == 0 || equals == std::string::npos)
      return wrong_member(fmt::format("git.environment[{}]", i), "must be NAME=VALUE");
  if (!ssh.empty() && ssh.front().empty()) return wrong_member("git.ssh", "must begin with a program");
  if (!ssh.empty()) programs.ssh = std::move(ssh);
  return programs;
}

Result<DockerConfig> read_docker_config(const Json& json, const std::string& path) {
  if (json.string() != nullptr && !json.string()->empty()) return DockerConfig{.file = *json.string()};
  if (json.object() == nullptr) return wrong_member(path, R"(must be a file's name or {"file" | "text": ...})");
  SB_TRY(auto reader, RequestReader::part(json, path));
  DockerConfig config;
  SB_CHECK(reader.text("file", config.file)
               .text("text", config.text)
               .text("helperPath", config.helper_path)
               .texts("helperEnvironment", config.helper_environment)
               .finish());
  if (config.file.empty() == config.text.empty()) return wrong_member(path, "must have one of 'file' and 'text'");
  return config;
}

Result<std::vector<DockerConfig>> read_docker_configs(const Json* json) {
  std::vector<DockerConfig> configs;
  if (json == nullptr) return configs;
  if (json->array() == nullptr) {
    SB_TRY(auto config, read_docker_config(*json, "dockerConfig"));
    return std::vector{std::move(config)};
  }
  for (const Json& item : *json->array()) {
    SB_TRY(auto config, read_docker_config(item, fmt::format("dockerConfig[{}]", configs.size())));
    configs.push_back(std::move(config));
  }
  return configs;
}

Result<Secret> proxy_url(std::string text, std::string_view path) {
  const bool has_scheme = text.starts_with("http://") || text.starts_with("https://");
  if (text.empty() || (has_scheme && is_one_word(text))) return Secret(std::move(text));
  return wrong_member(path, "must be http://HOST:PORT or https://HOST:PORT");
}

/// One URL for all, or an object.
Result<ProxyOptions> read_proxy(const Json* json) {
  ProxyOptions proxy;
  if (json == nullptr) return proxy;
  if (json->string() != nullptr) {
    SB_TRY(proxy.https, proxy_url(*json->string(), "proxy"));
    proxy.http = proxy.https;
    return proxy;
  }
  if (json->object() == nullptr)
    return wrong_member("proxy", R"(must be a URL or {"https": ..., "http": ..., "bypass": ...})");
  SB_TRY(auto reader, RequestReader::part(*json, "proxy"));
  std::string https;
  std::string http;
  SB_CHECK(reader.text("https", https).text("http", http).text("bypass", proxy.bypass).finish());
  SB_TRY(proxy.https, proxy_url(std::move(https), "proxy.https"));
  SB_TRY(proxy.http, proxy_url(std::move(http), "proxy.http"));
  return proxy;
}

Result<SigningOptions> read_signing(const Json* json) {
  SigningOptions signing;
  if (json == nullptr) return signing;
  if (json->object() == nullptr)
    return wrong_member("signing", "must be an object", R"(give {"format": "openpgp" | "ssh", "key": ...})");
  SB_TRY(auto reader, RequestReader::part(*json, "signing"));
  std::string format;
  std::string timeout;
  SB_CHECK(reader.required("format", format)
               .text("key", signing.key)
               .text("program", signing.program)
               .text("path", signing.path)
               .texts("environment", signing.environment)
               .text("timeout", timeout)
               .finish());
  if (format != "openpgp" && format != "ssh") return wrong_member("signing.format", "must be 'openpgp' or 'ssh'");
  signing.format = format == "ssh" ? SigningOptions::Format::ssh : SigningOptions::Format::openpgp;
  if (signing.format == SigningOptions::Format::ssh && signing.key.empty())
    return wrong_member("signing.key", "must name the file of a key");
  if (!timeout.empty()) {
    SB_TRY(signing.timeout, parse_duration(timeout));
  }
  return signing;
}

Result<void> check_network(const NetworkOptions& network) {
  for (std::size_t i = 0; i < network.insecure.size(); ++i)
    if (!is_one_word(network.insecure[i]) || network.insecure[i].find_first_of("/@") != std::string::npos)
      return wrong_member(fmt::format("insecure[{}]", i), "must be HOST or HOST:PORT");
  if (!network.client_key.empty() && network.client_certificate.empty())
    return wrong_member("clientKey", "has no 'clientCertificate'");
  return {};
}

}  // namespace

Result<ClientOptions> parse_client_options(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ClientOptions options;
  NetworkOptions& network = options.network;
  std::string author;
  std::string timeout;
  std::string cache;
  std::string log_level = "warn";
  const Json* credentials = nullptr;
  const Json* apps = nullptr;
  const Json* docker = nullptr;
  const Json* git = nullptr;
  const Json* proxy = nullptr;
  const Json* signing = nullptr;
  SB_CHECK(reader.text("gitops", options.gitops)
               .text("branch", options.branch)
               .text("config", options.config_file)
               .text("author", author)
               .text("message", options.promoter.message)
               .text("timeout", timeout)
               .text("cache", cache)
               .text("logLevel", log_level)
               .any("credentials", credentials)
               .any("apps", apps)
               .any("dockerConfig", docker)
               .any("git", git)
               .any("proxy", proxy)
               .any("signing", signing)
               .text("ca", network.ca_file)
               .text("clientCertificate", network.client_certificate)
               .text("clientKey", network.client_key)
               .texts("insecure", network.insecure)
               .finish());
  if (!author.empty()) {
    SB_TRY(options.promoter.author, Person::parse(author));
  }
  SB_TRY(options.log_level, parse_log_level(log_level));
  if (!timeout.empty()) {
    SB_TRY(options.promoter.timeout, parse_duration(timeout));
  }
  SB_TRY(network.credentials, read_credentials(credentials));
  SB_TRY(network.apps, read_apps(apps));
  SB_TRY(network.git, read_git(git));
  SB_TRY(network.docker, read_docker_configs(docker));
  SB_TRY(network.proxy, read_proxy(proxy));
  SB_TRY(options.signing, read_signing(signing));
  if (cache != "none") network.cache = cache;
  SB_CHECK(check_network(network));
  return options;
}

}  // namespace samebits
