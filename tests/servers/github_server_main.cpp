#include <iostream>
#include <string>

#include "servers/github_double.hpp"

/// `github_server`: GitHub's double until its standard input ends. Says first where its repository is and which token
/// opens it; each line that it then reads makes a commit of main, whose id it says.
int main() {
  samebits::test::GithubDouble forge;
  std::cout << forge.url() << " " << samebits::test::GithubDouble::token << std::endl;
  std::string tip;
  for (std::string line; std::getline(std::cin, line);) {
    tip = forge.commit("main", tip);
    std::cout << tip << std::endl;
  }
  return 0;
}
