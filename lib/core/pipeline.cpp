#include <algorithm>

#include <samebits/pipeline.hpp>

namespace samebits {
namespace {

template <class Items>
auto find_by_name(const Items& items, std::string_view name) noexcept -> decltype(items.data()) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

const Service* Pipeline::find_service(std::string_view name) const noexcept { return find_by_name(services, name); }
const GateRule* Pipeline::find_gate(std::string_view name) const noexcept { return find_by_name(gates, name); }
const Environment* Pipeline::find_environment(std::string_view name) const noexcept {
  return find_by_name(environments, name);
}

}  // namespace samebits
