#pragma once

#include <string>
#include <vector>

#include <samebits/pipeline.hpp>

namespace samebits {

/// What a question is about: the service of that name, or all of them where `name` is empty. Errors: bad_request.
Result<std::vector<const Service*>> asked_services(const Pipeline& pipeline, const std::string& name);

}  // namespace samebits
