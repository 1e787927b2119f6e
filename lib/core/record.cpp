#include <fmt/format.h>

#include <samebits/record.hpp>

namespace samebits {

Result<RepoPath> Record::path(std::string_view environment, std::string_view service) {
  return RepoPath::parse(fmt::format(".samebits/{}/{}.json", environment, service));
}

}  // namespace samebits
