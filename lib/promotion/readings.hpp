#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <samebits/result.hpp>

#include "core/try.hpp"

namespace samebits {

/// What texts were read as: one that comes again, as most files of a repository do in each operation, is not read
/// again. At most `most` of them are kept.
template <class Value, std::size_t most>
class Readings {
 public:
  /// What `read` makes of `bytes`. Errors: of `read`; they are not kept.
  template <class Read>
  Result<std::shared_ptr<const Value>> of(std::string_view bytes, Read read) {
    if (const auto known = known_.find(bytes); known != known_.end()) return known->second;
    SB_TRY(Value value, read(bytes));
    if (known_.size() == most) known_.clear();
    return known_.emplace(bytes, std::make_shared<const Value>(std::move(value))).first->second;
  }

 private:
  std::map<std::string, std::shared_ptr<const Value>, std::less<>> known_;
};

}  // namespace samebits
