#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "git/report_status.hpp"

/// A report that is read says of the pack what became of it, and holds no control character for a terminal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto report = samebits::git::parse_report({reinterpret_cast<const char*>(data), size});
  if (!report) return 0;
  if (report->unpacked.empty() || report->unpacked.find('\x1b') != std::string::npos) std::abort();
  for (const auto& [ref, reason] : report->refs)
    if (reason.find('\x1b') != std::string::npos) std::abort();
  return 0;
}
