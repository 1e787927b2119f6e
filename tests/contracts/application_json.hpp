#pragma once

#include <chrono>
#include <string>

#include <samebits/clock.hpp>

#include "json/json.hpp"
#include "servers/argocd_double.hpp"

namespace samebits::test {

/// The application as a custom port answers it.
inline Json application_json(const ArgoApp& app) {
  const auto time = [](int seconds) {
    const Time day(std::chrono::sys_days(std::chrono::year(2026) / 11 / 24));
    return Json(format_time(day + std::chrono::seconds(seconds)));
  };
  Json json = Json::Object{{"name", app.name},
                           {"automatic", app.automatic},
                           {"sources", Json::Array{Json::Object{{"repository", app.repository}}}},
                           {"sync", app.sync},
                           {"compared", Json::Array{app.compared}},
                           {"health", app.health},
                           {"reconciledAt", time(app.reconciled)}};
  Json::Array images;
  for (const std::string& image : app.images) images.emplace_back(image);
  json.add("images", std::move(images));
  Json::Array conditions;
  for (const auto& [type, message] : app.conditions)
    conditions.emplace_back(Json::Object{{"type", type}, {"message", message}});
  json.add("conditions", std::move(conditions));
  json.add("operation", Json::Object{{"phase", app.phase},
                                     {"finishedAt", time(app.finished)},
                                     {"message", app.operation_message},
                                     {"revisions", Json::Array{app.operation_revision}}});
  return json;
}

}  // namespace samebits::test
