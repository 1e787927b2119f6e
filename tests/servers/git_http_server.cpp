#include "servers/git_http_server.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <unistd.h>
#include <utility>
#include <vector>

#include "servers/child_process.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

struct Place {
  std::string name;
  Settings settings;
  std::string further = {};
  bool passes_protocol = true;
};

std::vector<Place> places(const std::string& folder) {
  const Settings filters{{"http.receivepack", "true"}, {"uploadpack.allowFilter", "true"}};
  Settings plain = filters;
  for (const char* kind : {"blob:none", "tree"})
    plain.emplace_back("uploadpackfilter." + std::string(kind) + ".allow", "true");
  plain.emplace_back("uploadpackfilter.allow", "false");
  plain.emplace_back("uploadpackfilter.tree.maxDepth", "0");
  Settings strict = filters;
  strict.emplace_back("receive.fsckObjects", "true");
  return {
      {.name = "open", .settings = filters},
      {.name = "plain", .settings = plain},
      {.name = "bare", .settings = {{"http.receivepack", "true"}}},
      {.name = "strict", .settings = strict},
      {.name = "readonly", .settings = {{"uploadpack.allowFilter", "true"}, {"http.receivepack", "false"}}},
      {.name = "auth", .settings = filters, .further = "auth_basic git; auth_basic_user_file " + folder + "/users;"},
      {.name = "old", .settings = filters, .further = {}, .passes_protocol = false}};
}

std::string location_of(const Place& place, const std::string& folder, const std::string& repositories) {
  std::string text = "location ~ ^/" + place.name + "(/.*)$ {\n" + place.further + "\n";
  const auto parameter = [&](const std::string& name, const std::string& value) {
    text += "fastcgi_param " + name + " " + value + ";\n";
  };
  text += "fastcgi_pass unix:" + folder + "/cgi;\ninclude /etc/nginx/fastcgi_params;\n";
  text += "fastcgi_request_buffering off;\nfastcgi_read_timeout 60s;\n";
  parameter("SCRIPT_FILENAME", "/usr/lib/git-core/git-http-backend");
  parameter("GIT_PROJECT_ROOT", repositories);
  parameter("GIT_HTTP_EXPORT_ALL", "1");
  parameter("PATH_INFO", "$1");
  parameter("REMOTE_USER", "$remote_user");
  parameter("GIT_CONFIG_NOSYSTEM", "1");
  parameter("GIT_CONFIG_GLOBAL", folder + "/gitconfig");
  parameter("GIT_CONFIG_COUNT", std::to_string(place.settings.size()));
  for (std::size_t index = 0; index < place.settings.size(); ++index) {
    parameter("GIT_CONFIG_KEY_" + std::to_string(index), place.settings[index].first);
    parameter("GIT_CONFIG_VALUE_" + std::to_string(index), place.settings[index].second);
  }
  if (place.passes_protocol)
    parameter("GIT_PROTOCOL", "$http_git_protocol");
  else
    parameter("HTTP_GIT_PROTOCOL", "\"\"");
  return text + "}\n";
}

void write(const std::string& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

void run(const std::string& command) {
  if (std::system(("{ " + command + "; } >/dev/null 2>&1").c_str()) != 0)
    throw std::runtime_error("failed: " + command);
}

std::string configuration(const std::string& folder, const std::string& repositories, int port, bool tls) {
  std::string text = "daemon off; worker_processes 1; pid " + folder + "/pid; error_log " + folder + "/errors;\n";
  if (::geteuid() == 0) text += "user root;\n";
  text += "events { worker_connections 1024; }\nhttp {\naccess_log off; client_max_body_size 0;\n";
  for (const char* kind : {"client_body", "fastcgi", "proxy", "uwsgi", "scgi"})
    text += std::string(kind) + "_temp_path " + folder + "/" + kind + ";\n";
  text += "server { listen 127.0.0.1:" + std::to_string(port) + (tls ? " ssl" : "") + ";\n";
  if (tls) text += "ssl_certificate " + folder + "/certificate; ssl_certificate_key " + folder + "/key;\n";
  for (const Place& place : places(folder)) text += location_of(place, folder, repositories);
  text += "location ~ ^/moved(/.*)$ { return 302 /open$1$is_args$args; }\nlocation / { return 404; }\n} }\n";
  return text;
}

}  // namespace

struct GitHttpServer::Body {
  Body(const std::string& repositories, bool with_tls)
      : tls(with_tls),
        socket(ListeningSocket::on_loopback()),
        cgi_socket(ListeningSocket::on_path(folder.path() / "cgi")),
        cgi({"/usr/sbin/fcgiwrap", "-c", "8"}, {"PATH=/usr/bin:/bin", "HOME=" + folder.path().string()},
            {{cgi_socket.descriptor, 0}}),
        nginx(start(repositories)) {}

  ChildProcess start(const std::string& repositories) const {
    const std::string place = folder.path();
    write(place + "/gitconfig", "[safe]\n\tdirectory = *\n");
    run("printf 'ada:%s\\n' \"$(openssl passwd -apr1 secret-of-ada)\" > " + place + "/users");
    if (tls)
      run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
          "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
          place + "/key -out " + place + "/certificate");
    write(place + "/nginx.conf", configuration(place, repositories, socket.port, tls));
    // The way by which a new nginx takes over the sockets of an old one.
    return ChildProcess({"/usr/sbin/nginx", "-e", place + "/errors", "-p", place, "-c", place + "/nginx.conf"},
                        {"PATH=/usr/bin:/bin", "NGINX=50;"}, {{socket.descriptor, 50}});
  }

  TempFolder folder;
  bool tls;
  ListeningSocket socket;
  ListeningSocket cgi_socket;
  ChildProcess cgi;
  ChildProcess nginx;
};

GitHttpServer::GitHttpServer(const std::filesystem::path& repositories, bool tls)
    : body_(std::make_unique<Body>(repositories.string(), tls)) {}
GitHttpServer::~GitHttpServer() = default;

int GitHttpServer::port() const { return body_->socket.port; }

std::string GitHttpServer::url(std::string_view like, std::string_view name) const {
  return std::string(body_->tls ? "https" : "http") + "://localhost:" + std::to_string(port()) + "/" +
         std::string(like) + "/" + std::string(name);
}

std::string GitHttpServer::ca_file() const { return body_->folder.path() / "certificate"; }

}  // namespace samebits::test
