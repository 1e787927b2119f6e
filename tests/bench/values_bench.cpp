// One edit and a thousand edits of values files, beside a bare event parse of the same bytes by yaml-cpp.
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include <samebits/values_file.hpp>

namespace {

using namespace samebits;

class Ignore : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// A chart's values for one service, with the comments that such files have.
std::string service(std::size_t number) {
  return fmt::format(
      "service-{0}:\n"
      "  # How many pods run at the same time.\n"
      "  replicaCount: {1}\n"
      "\n"
      "  image:\n"
      "    repository: ghcr.io/acme/service-{0}\n"
      "    # Overridden by the pipeline.\n"
      "    tag: \"v1.{1}.0\"  # current\n"
      "    pullPolicy: IfNotPresent\n"
      "  env:\n"
      "    - name: LOG_LEVEL\n"
      "      value: info\n"
      "    - {{name: PORT, value: '8080'}}\n"
      "  resources:\n"
      "    limits: {{cpu: 500m, memory: 256Mi}}\n",
      number, number % 10);
}

/// At least `lines` lines.
std::string values_of(std::size_t lines) {
  std::string bytes;
  for (std::size_t i = 0; i * 15 < lines; ++i) bytes += service(i);
  return bytes;
}

std::vector<ValuesEdit> edits_of(std::size_t count, std::size_t services) {
  std::vector<ValuesEdit> edits;
  for (std::size_t i = 0; i < count; ++i)
    edits.push_back(parse_assignment(fmt::format("service-{}.image.tag=v2.0.{}", i * services / count, i)).value());
  return edits;
}

void bare_parse(benchmark::State& state) {
  const std::string bytes = values_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    std::istringstream stream(bytes);
    YAML::Parser parser(stream);
    Ignore ignore;
    while (parser.HandleNextDocument(ignore)) {
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * static_cast<std::int64_t>(state.iterations()));
}

void edit(benchmark::State& state) {
  const auto lines = static_cast<std::size_t>(state.range(0));
  const std::string bytes = values_of(lines);
  const auto edits = edits_of(static_cast<std::size_t>(state.range(1)), (lines + 14) / 15);
  for (auto _ : state) {
    const auto edited = edit_values(bytes, edits);
    if (!edited || edited->changes.size() != edits.size()) state.SkipWithError("the edit was refused");
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes.size()) * static_cast<std::int64_t>(state.iterations()));
}

// 30 lines, 1,000 lines, 1 MB, 10 MB; the units are lines.
BENCHMARK(bare_parse)->Arg(30)->Arg(1000)->Arg(37'500)->Arg(375'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(edit)
    ->Args({30, 1})
    ->Args({1000, 1})
    ->Args({37'500, 1})
    ->Args({375'000, 1})
    ->Args({37'500, 1000})
    ->Args({375'000, 1000})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
