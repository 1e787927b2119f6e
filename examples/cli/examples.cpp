#include <algorithm>
#include <array>

#include "help.hpp"

namespace samebits::cli {
namespace {

struct CommandExamples {
  std::string_view command;
  std::string_view lines;
};

/// What the help of each command shows.
constexpr std::array all_examples = {
    CommandExamples{"",
                    "  samebits init gitops --service api --image oci:../images --source ../source.git\n"
                    "  samebits promote preprod --sha $(git rev-parse main) --dry-run\n"
                    "  samebits release 1.4.0\n"
                    "  samebits rollback production --to v1.3.2\n"},
    CommandExamples{"init",
                    "  samebits init gitops --service api --image oci:../images --source ../source.git\n"
                    "  samebits init . --service api --image ghcr.io/acme/api --source https://github.com/acme/api\n"
                    "Relative locations are relative to the GitOps repository's folder.\n"},
    CommandExamples{"check", "  samebits check --all\n  samebits check --config samebits.yaml\n"},
    CommandExamples{"doctor", "  samebits doctor\n  samebits doctor --output json\n"},
    CommandExamples{"promote",
                    "  samebits promote preprod --sha $(git rev-parse main)\n"
                    "  samebits promote preprod --sha $GITHUB_SHA --service api --service web\n"
                    "  samebits promote preprod --sha $GITHUB_SHA --wait --timeout 10m\n"},
    CommandExamples{"release",
                    "  samebits release 1.4.0 --dry-run\n"
                    "  samebits release 1.4.0\n"
                    "  samebits release 1.4.0 --sha main\n"},
    CommandExamples{"rollback", "  samebits rollback production --to v1.3.2\n"},
    CommandExamples{"preview", "  samebits preview up --pr 42 --sha $GITHUB_SHA\n  samebits preview list\n"},
    CommandExamples{"preview up", "  samebits preview up --pr 42 --sha $GITHUB_SHA\n"},
    CommandExamples{"preview down", "  samebits preview down --pr 42\n"},
    CommandExamples{"preview prune", "  samebits preview prune --dry-run\n  samebits preview prune\n"},
    CommandExamples{"preview list", "  samebits preview list --output json\n"},
    CommandExamples{"gate",
                    "  samebits gate show --sha $GITHUB_SHA\n"
                    "  samebits gate post --gate preprod-tests --sha $GITHUB_SHA --conclusion success\n"},
    CommandExamples{"gate show",
                    "  samebits gate show --sha $GITHUB_SHA\n"
                    "  samebits gate show --sha $GITHUB_SHA --gate preprod-tests --exit-zero\n"},
    CommandExamples{
        "gate post",
        "  samebits gate post --gate preprod-tests --sha $GITHUB_SHA --conclusion success\n"
        "  samebits gate post --gate preprod-tests --sha $GITHUB_SHA --conclusion failure --url $RUN_URL\n"},
    CommandExamples{"wait",
                    "  samebits wait preprod\n"
                    "  samebits wait preprod --for 30s --timeout 10m --output json\n"
                    "  samebits wait production --sync\n"},
    CommandExamples{"status", "  samebits status\n  samebits status --exit-code --output json\n"},
    CommandExamples{"history", "  samebits history prod --limit 5\n  samebits history pr-42\n"},
    CommandExamples{"trace", "  samebits trace v1.4.0\n  samebits trace $(git rev-parse main)\n"},
    CommandExamples{"apply",
                    "  samebits release 1.4.0 --dry-run --output json > plan.json\n"
                    "  samebits apply plan.json\n"},
    CommandExamples{"values",
                    "  samebits values get values.yaml image.tag\n"
                    "  samebits values set values.yaml image.tag=v1.4.0 replicas:=3\n"},
    CommandExamples{"values get",
                    "  samebits values get values.yaml image.tag\n"
                    "  samebits values get kustomization.yaml 'images[name=web].newTag'\n"},
    CommandExamples{"values set",
                    "  samebits values set values.yaml image.tag=v1.4.0 replicas:=3\n"
                    "  samebits values set values.yaml env.ENV_NAME=pr-42 --create\n"
                    "  samebits values set - image.tag=v1.4.0 < in.yaml > out.yaml\n"},
    CommandExamples{"values delete", "  samebits values delete values.yaml image.digest\n"},
    CommandExamples{"values append", "  samebits values append values.yaml hosts=api.example.com\n"},
    CommandExamples{"image", "  samebits image list oci:images\n  samebits image show oci:images:v1.4.0\n"},
    CommandExamples{"image show", "  samebits image show oci:images:v1.4.0\n"},
    CommandExamples{"image tag", "  samebits image tag oci:images:main-$(git rev-parse main) v1.4.0\n"},
    CommandExamples{"image list", "  samebits image list oci:images --track release\n"},
    CommandExamples{"tag", "  samebits tag parse v1.4.0\n  samebits tag format snapshot --sha $(git rev-parse HEAD)\n"},
    CommandExamples{"tag parse", "  samebits tag parse v1.4.0-rc.1 --output json\n"},
    CommandExamples{"tag sort", "  samebits image list oci:images --track release | samebits tag sort | tail -1\n"},
    CommandExamples{"tag format",
                    "  samebits tag format pull-request --number 42 --sha $(git rev-parse HEAD)\n"
                    "  samebits tag format snapshot --sha $(git rev-parse HEAD)\n"
                    "  samebits tag format release --version 1.4.0\n"},
};

}  // namespace

std::string_view examples_of(std::string_view command) noexcept {
  const auto* const found = std::find_if(all_examples.begin(), all_examples.end(),
                                         [&](const CommandExamples& one) { return one.command == command; });
  return found == all_examples.end() ? std::string_view() : found->lines;
}

}  // namespace samebits::cli
