#include "servers/registry_server.hpp"

#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace samebits::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* ready = "listening on 127.0.0.1:";

void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

int port_in(const std::string& text, const std::string& before) {
  return std::stoi(text.substr(text.find(before) + before.size()));
}

}  // namespace

void make_certificate(const fs::path& folder) {
  const std::string ca_key = folder / "ca.key";
  const std::string ca = folder / "ca.pem";
  write(folder / "names", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:0.0.0.0\n");
  const std::vector<std::string> new_key = {"openssl", "req",    "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                                            "-nodes",  "-keyout"};
  const auto run_with_key = [&](const std::string& key, const std::vector<std::string>& more) {
    std::vector<std::string> command = new_key;
    command.push_back(key);
    command.insert(command.end(), more.begin(), more.end());
    run_command(command);
  };
  run_with_key(ca_key, {"-x509", "-days", "30", "-subj", "/CN=samebits test authority", "-out", ca});
  for (const std::string name : {"server", "client"}) {
    const std::string request = folder / (name + ".csr");
    run_with_key(folder / (name + ".key"), {"-subj", "/CN=" + name, "-out", request});
    run_command({"openssl", "x509", "-req", "-in", request, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days",
                 "30", "-extfile", folder / "names", "-out", folder / (name + ".pem")});
  }
}

RegistryServer::RegistryServer(RegistryMode mode, const fs::path& data, const fs::path& work,
                               const std::string& program)
    : work_(work) {
  fs::create_directories(work);
  std::string more;
  if (mode == RegistryMode::htpasswd) {
    write(work / "htpasswd", run_command({"htpasswd", "-Bbn", username, password}));
    more = fmt::format("auth: {{htpasswd: {{realm: test, path: {}}}}}\n", (work / "htpasswd").string());
  }
  if (mode == RegistryMode::token) {
    run_command({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=tokens",
                 "-keyout", work / "token.key", "-out", work / "token.pem"});
    token_server_ = std::make_unique<Process>(
        std::vector<std::string>{"/usr/bin/python3", SAMEBITS_SERVERS "/token_server.py", work / "token.key",
                                 work / "token.pem", fmt::format("{}:{}", username, password)},
        "\n");
    more = fmt::format(
        "auth: {{token: {{realm: \"http://127.0.0.1:{}/token\", service: test, issuer: samebits, rootcertbundle: "
        "{}}}}}\n",
        port_in(token_server_->greeting(), "port "), (work / "token.pem").string());
  }
  std::string tls;
  if (mode == RegistryMode::tls) {
    make_certificate(work);
    tls = fmt::format(", tls: {{certificate: {}, key: {}}}", (work / "server.pem").string(),
                      (work / "server.key").string());
  }
  write(work / "registry.yml", fmt::format("version: 0.1\n"
                                           "log: {{level: info, accesslog: {{disabled: true}}}}\n"
                                           "storage: {{filesystem: {{rootdirectory: {}}}}}\n"
                                           "http: {{addr: \"127.0.0.1:0\"{}}}\n{}",
                                           data.string(), tls, more));
  process_ = std::make_unique<Process>(std::vector<std::string>{program, "serve", work / "registry.yml"}, ready);
  port_ = port_in(process_->greeting(), ready);
}

void seed_registry(const fs::path& data, const fs::path& work, const std::string& program) {
  const RegistryServer server(RegistryMode::open, data, work / "seed", program);
  seed_repository(server.authority() + "/app", work);
}

void seed_repository(const std::string& repository, const fs::path& work, const std::string& credentials) {
  const std::string layout = work / "layout";
  for (const std::string tag : {"main-1", "main-2", "single"}) {
    std::vector<std::string> make = {
        "/usr/bin/python3", SAMEBITS_SERVERS "/../../examples/images/make_image.py", layout, tag, "--content", tag};
    if (tag == "single") make.push_back("--single");
    run_command(make);
    std::vector<std::string> copy = {"skopeo", "copy", "-q", "--all", "--dest-tls-verify=false"};
    if (!credentials.empty()) copy.push_back("--dest-creds=" + credentials);
    copy.insert(copy.end(), {"oci:" + layout + ":" + tag, "docker://" + repository + ":" + tag});
    run_command(copy);
  }
}

}  // namespace samebits::test
