#include <samebits/documents.hpp>

#include "json/json.hpp"

namespace samebits {
namespace {

/// Adds members that differ from their default, so that a plan keeps just what was asked for.
class RequestWriter {
 public:
  RequestWriter& text(std::string_view name, const std::string& value) {
    if (!value.empty()) json_.add(name, value);
    return *this;
  }
  RequestWriter& flag(std::string_view name, bool value) {
    if (value) json_.add(name, value);
    return *this;
  }
  RequestWriter& number(std::string_view name, std::uint64_t value) {
    json_.add(name, value);
    return *this;
  }
  RequestWriter& texts(std::string_view name, const std::vector<std::string>& values) {
    Json::Array list;
    for (const std::string& value : values) list.emplace_back(value);
    if (!list.empty()) json_.add(name, std::move(list));
    return *this;
  }
  std::string str() const { return write_json(json_); }

 private:
  Json json_ = Json(Json::Object{});
};

}  // namespace

std::string to_json(const PromoteRequest& request) {
  return RequestWriter()
      .text("environment", request.environment)
      .text("sha", request.sha)
      .texts("service", request.services)
      .flag("adopt", request.adopt)
      .flag("wait", request.wait)
      .str();
}

std::string to_json(const PreviewUpRequest& request) {
  return RequestWriter()
      .number("pr", request.pr)
      .text("sha", request.sha)
      .text("service", request.service)
      .flag("adopt", request.adopt)
      .str();
}

std::string to_json(const PreviewDownRequest& request) {
  return RequestWriter().number("pr", request.pr).text("service", request.service).str();
}

std::string to_json(const PreviewPruneRequest& request) {
  return RequestWriter().text("service", request.service).str();
}

std::string to_json(const ReleaseRequest& request) {
  return RequestWriter()
      .text("version", request.version)
      .text("sha", request.sha)
      .text("service", request.service)
      .flag("adopt", request.adopt)
      .flag("wait", request.wait)
      .str();
}

std::string to_json(const RollbackRequest& request) {
  return RequestWriter().text("target", request.target).text("to", request.to).texts("service", request.services).str();
}

std::string to_json(const GatePostRequest& request) {
  return RequestWriter()
      .text("gate", request.gate)
      .text("sha", request.sha)
      .text("conclusion", request.conclusion)
      .text("digest", request.digest)
      .text("url", request.url)
      .text("summary", request.summary)
      .text("service", request.service)
      .str();
}

}  // namespace samebits
