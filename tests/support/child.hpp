#pragma once

#include <functional>
#include <string>
#include <vector>

namespace samebits::test {

/// Runs `work` in a process of its own and gives what it returned; "killed" where it did not return.
std::string in_child(const std::function<std::string()>& work);

/// Runs `work(0)` to `work(count - 1)` in processes of their own that begin at the same moment.
std::vector<std::string> in_children(int count, const std::function<std::string(int)>& work);

}  // namespace samebits::test
