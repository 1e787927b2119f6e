// Promotes the build of a commit into an environment. To run it again changes nothing.
//
// usage: promote GITOPS ENVIRONMENT COMMIT      such as: promote gitops.git preprod $(git rev-parse main)
#include <iostream>

#include <samebits/samebits.hpp>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: promote GITOPS ENVIRONMENT COMMIT\n";
    return 2;
  }
  samebits::Client client({.gitops = argv[1]});
  const auto receipt = client->promote({.environment = argv[2], .sha = argv[3]});
  if (!receipt) {
    std::cerr << receipt.error() << '\n';
    return static_cast<int>(receipt.error().kind());  // 10: a rule refused it, 11: a conflict, 21: no such image, ...
  }
  for (const samebits::PromotedImage& image : receipt->images)
    std::cout << image.service << ": " << image.tag << " is " << image.digest << '\n';
  for (const samebits::Change& change : receipt->changes)
    std::cout << change.environment << ": " << change.path << ": " << change.before.value_or("(none)") << " -> "
              << change.after.value_or("(none)") << '\n';
  std::cout << (receipt->changed ? "done\n" : "unchanged\n");
  return 0;
}
