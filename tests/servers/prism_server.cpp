#include "servers/prism_server.hpp"

#include "servers/built_server.hpp"

namespace samebits::test {
namespace {

std::vector<std::string> command_for(const std::string& target) {
  const std::string folder = built_server("prism");
  // It never outlives the test.
  return {"setpriv",
          "--pdeathsig",
          "KILL",
          "node",
          folder + "/node_modules/@stoplight/prism-cli/dist/index.js",
          "proxy",
          "--errors",
          "-h",
          "127.0.0.1",
          "-p",
          "0",
          folder + "/github.json",
          target};
}

}  // namespace

PrismServer::PrismServer(const std::string& target) : process_(command_for(target), "Prism is listening") {
  const std::string& said = process_.greeting();
  const auto begin = said.find("http://", said.find("Prism is listening"));
  origin_ =
      said.substr(begin, said.find_first_not_of("0123456789", begin + std::string("http://127.0.0.1:").size()) - begin);
}

}  // namespace samebits::test
