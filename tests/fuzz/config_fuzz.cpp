#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <samebits/pipeline.hpp>

#include "core/target.hpp"
#include "core/text.hpp"

namespace {

void require(bool good) {
  if (!good) std::abort();
}

}  // namespace

/// A pipeline that is taken gives a legal target everywhere; one that is refused says where and why.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace samebits;
  std::vector<Error> findings;
  const auto pipeline =
      load_pipeline(std::string_view(reinterpret_cast<const char*>(data), size), "samebits.yaml", &findings);
  require(pipeline.has_value() == findings.empty());
  for (const Error& finding : findings) {
    require(finding.code == ErrorCode::bad_config && finding.where.file == "samebits.yaml" && !finding.message.empty());
    require(printable(finding.message, finding.message.size()) == finding.message);
  }
  if (!pipeline) return 0;
  for (const Environment& environment : pipeline->environments)
    for (const Service& service : pipeline->services) {
      const auto rule = target_rule(*pipeline, environment, service, 42);
      require(rule && tag_write(*rule) && rule->target.environment.size() <= max_rendered_name);
      require(!environment.is_ephemeral() || number_of(environment, rule->target.environment) == 42);
    }
  return 0;
}
