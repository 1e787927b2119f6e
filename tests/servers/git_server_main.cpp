#include <iostream>
#include <limits>
#include <string_view>

#include "servers/git_http_server.hpp"

/// `git_server FOLDER [--tls]`: serves the repositories of a folder until its standard input ends. Says first where it
/// is, and then the file with the certificate of its authority.
int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const bool tls = argc > 2 && std::string_view(argv[2]) == "--tls";
  const samebits::test::GitHttpServer server(argv[1], tls);
  std::cout << (tls ? "https" : "http") << "://localhost:" << server.port() << "\n" << server.ca_file() << std::endl;
  std::cin.ignore(std::numeric_limits<std::streamsize>::max());
  return 0;
}
