// A program of somebody else, on the C++ API.
#include <iostream>

#include <samebits/samebits.hpp>

int main() {
  const auto tag = samebits::TagPatterns().parse_tag("v1.2.3");
  std::cout << samebits::to_json(*tag) << '\n';
  const samebits::Client client({.gitops = "/nonexistent"});
  return tag->str() == "v1.2.3" ? 0 : 1;
}
