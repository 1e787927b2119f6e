#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <samebits/promoter.hpp>
#include <samebits/samebits.hpp>

#include "support/pipeline_world.hpp"

namespace samebits::test {

/// What happens around every port call of a promoter. An error that one of the two gives is the call's.
struct Watch {
  /// Of all calls, as `gitops.commit`, `source.create_tag`, `registry.resolve`, `evidence.list`.
  std::function<Result<void>(Context&, std::string_view call)> before = [](Context&, std::string_view) {
    return Result<void>();
  };
  /// The call was carried out.
  std::function<Result<void>(Context&, std::string_view call)> after = before;
};

/// A promoter on a world's real parts, each of whose port calls is watched, and that waits for nothing.
class WatchedPromoter {
 public:
  WatchedPromoter(const PipelineWorld& world, Watch watch, const CancelToken* cancel = nullptr);
  ~WatchedPromoter();
  Promoter* operator->() noexcept;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace samebits::test
