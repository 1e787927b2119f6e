#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/client.hpp>

namespace samebits {

/// What a port is asked.
struct PortQuestion {
  /// {"port": "registry", "op": "resolve", "service": "api", ...}
  std::string json;
  /// Bytes that belong to it: what a change with {"input": index} writes. Borrowed.
  std::vector<std::string_view> inputs = {};
};

/// What it answers. What is not there is answered by the absence of the member or of the bytes.
struct PortReply {
  std::string json = "{}";
  std::optional<std::string> bytes = {};
};

/// Answers a port's questions; its answers are untrusted and checked. capi/README.md lists them.
using PortCall = std::function<Result<PortReply>(Context&, const PortQuestion&)>;

/// `gitops`, `source`, `registry`, `evidence`, `changes`, `releases`, `reconciler`, `clock`, `credentials`.
std::vector<std::string_view> port_names();

/// Lets `call` answer for the port `name`; `credentials` is asked before the list and the Docker configurations of
/// `options.network`, and what it does not know is looked for there. An empty `call`: the configured port again.
/// Errors: bad_option if no port has that name.
Result<void> set_port(ClientOptions& options, std::string_view name, const PortCall& call);

}  // namespace samebits
