#include <samebits/context.hpp>

namespace samebits {

Result<void> Context::check() const {
  if (cancel != nullptr && cancel->fired())
    return Error{.code = ErrorCode::cancelled,
                 .message = "the operation was cancelled",
                 .hint = "run it again: what was done is kept and what is missing is completed"};
  if (deadline && Clock::now() >= *deadline)
    return Error{.code = ErrorCode::timed_out,
                 .message = "the deadline of the operation has passed",
                 .hint = "run it again, with a longer --timeout if that is needed"};
  return {};
}

}  // namespace samebits
