#include "core/asked_services.hpp"

#include "core/target.hpp"

namespace samebits {

Result<std::vector<const Service*>> asked_services(const Pipeline& pipeline, const std::string& name) {
  if (!name.empty()) return services_of(pipeline, {name});
  std::vector<const Service*> services;
  services.reserve(pipeline.services.size());
  for (const Service& service : pipeline.services) services.push_back(&service);
  return services;
}

}  // namespace samebits
