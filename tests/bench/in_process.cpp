// Carries out the lines of standard input on one client, and answers each with the milliseconds that the call took:
// `promote COMMIT`, `post COMMIT`, `release VERSION`.
#include <chrono>
#include <iostream>

#include <samebits/samebits.hpp>

namespace {

samebits::Result<samebits::Receipt> call(samebits::Client& client, const std::string& verb, const std::string& word) {
  if (verb == "promote") return client->promote({.environment = "preprod", .sha = word});
  if (verb == "post") return client->gate_post({.gate = "preprod-tests", .sha = word, .conclusion = "success"});
  return client->release({.version = word});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  samebits::Client client({.gitops = argv[1]});
  std::string verb;
  std::string word;
  while (std::cin >> verb >> word) {
    const auto begin = std::chrono::steady_clock::now();
    const auto receipt = call(client, verb, word);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    if (!receipt) {
      std::cout << receipt.error() << std::endl;
      return 1;
    }
    std::cout << took.count() << std::endl;
  }
  return 0;
}
