// Runs a test against what preprod runs, records its outcome as evidence, and releases if the gates let it.
//
// usage: gate_and_release GITOPS VERSION TEST_COMMAND      such as: gate_and_release gitops.git 1.4.0 ./e2e.sh
#include <cstdlib>
#include <iostream>

#include <samebits/samebits.hpp>

namespace {

int fail(const samebits::Error& error) {
  std::cerr << error << '\n';
  return static_cast<int>(error.kind());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: gate_and_release GITOPS VERSION TEST_COMMAND\n";
    return 2;
  }
  samebits::Client client({.gitops = argv[1]});
  const auto status = client->status();
  if (!status) return fail(status.error());
  for (const samebits::EnvironmentState& state : status->environments) {
    if (state.name != "preprod" || !state.commit) continue;

    const bool good = std::system(argv[3]) == 0;
    const auto posted = client->gate_post({.gate = "preprod-tests",
                                           .sha = state.commit->str(),
                                           .conclusion = good ? "success" : "failure",
                                           .digest = state.digest ? state.digest->str() : ""});
    if (!posted) return fail(posted.error());

    const auto receipt = client->release({.version = argv[2], .sha = state.commit->str()});
    if (!receipt) return fail(receipt.error());
    std::cout << argv[2] << " is " << receipt->images.front().digest << " and was built as "
              << receipt->images.front().snapshot << '\n';
    return 0;
  }
  std::cerr << "preprod runs nothing yet\n";
  return 1;
}
