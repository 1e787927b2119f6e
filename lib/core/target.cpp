#include "core/target.hpp"

#include <algorithm>
#include <charconv>

#include <samebits/record.hpp>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

Error in_config(Error error, const Environment& environment) {
  error.code = ErrorCode::bad_config;
  error.message = fmt::format("environment '{}' renders a bad path: {}", environment.name, error.message);
  return error;
}

template <class Items>
Error unknown_name(const Items& items, std::string_view what, std::string_view name) {
  std::vector<std::string> names;
  names.reserve(items.size());
  for (const auto& item : items) names.push_back(item.name);
  const std::string near = nearest(name, names);
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("the pipeline has no {} '{}'", what, printable(name)),
               .hint = near.empty() ? fmt::format("it has: {}", fmt::join(names, ", "))
                                    : fmt::format("did you mean '{}'?", near)};
}

}  // namespace

std::string environment_name(const Environment& environment, std::uint64_t number) {
  const std::string text = std::to_string(number);
  const std::pair<std::string_view, std::string_view> values[] = {{"number", text}};
  return render(environment.name_pattern, values);
}

std::optional<std::uint64_t> number_of(const Environment& environment, std::string_view name) {
  constexpr std::string_view placeholder = "{number}";
  const std::string_view pattern = environment.name_pattern;
  const auto at = pattern.find(placeholder);
  if (at == std::string_view::npos) return std::nullopt;
  const auto head = pattern.substr(0, at);
  const auto tail = pattern.substr(at + placeholder.size());
  if (!name.starts_with(head) || !name.ends_with(tail) || name.size() <= head.size() + tail.size()) return std::nullopt;
  const auto digits = name.substr(head.size(), name.size() - head.size() - tail.size());
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failure != std::errc() || end != digits.data() + digits.size() || number == 0 || digits.front() == '0')
    return std::nullopt;
  return number;
}

Result<TargetRule> target_rule(const Pipeline& pipeline, const Environment& environment, const Service& service,
                               std::uint64_t number) {
  const std::string name = environment_name(environment, number);
  const std::string digits = std::to_string(number);
  const std::pair<std::string_view, std::string_view> values[] = {
      {"number", digits}, {"service", service.name}, {"environment", name}};
  auto file = RepoPath::parse(render(environment.values, values));
  if (!file) return in_config(std::move(file).error(), environment);
  auto record = Record::path(name, service.name);
  if (!record) return in_config(std::move(record).error(), environment);
  auto writes = std::make_shared<std::vector<Write>>(service.writes       ? *service.writes
                                                     : environment.writes ? *environment.writes
                                                                          : pipeline.writes);
  const std::string image = service.image.str();
  const std::pair<std::string_view, std::string_view> in_paths[] = {
      {"number", digits}, {"service", service.name}, {"environment", name}, {"image", image}};
  for (Write& write : *writes) write.path = render(write.path, in_paths);
  return TargetRule{.target = {.environment = name, .service = service.name},
                    .environment = &environment,
                    .service = &service,
                    .number = number,
                    .file = *std::move(file),
                    .record = *std::move(record),
                    .writes = std::move(writes)};
}

std::string template_path(const TargetRule& rule) {
  const std::pair<std::string_view, std::string_view> values[] = {{"service", rule.service->name}};
  return render(rule.environment->template_file, values);
}

namespace {

/// `repository:tag@digest` taken apart; the tag and the digest may be missing.
struct ImageText {
  std::string_view repository;
  std::string_view tag;
  bool has_digest = false;
};

ImageText image_text(std::string_view text) {
  const auto at = text.find('@');
  const std::string_view name = text.substr(0, at);
  const auto slash = name.rfind('/');
  const auto colon = name.find(':', slash == std::string_view::npos ? 0 : slash);
  return {.repository = name.substr(0, colon),
          .tag = colon == std::string_view::npos ? std::string_view() : name.substr(colon + 1),
          .has_digest = at != std::string_view::npos};
}

std::string render_image(const TargetRule& rule, const WriteValues& values) {
  const ImageText current = image_text(values.current);
  const bool is_new = current.repository.empty();
  const bool with_digest = !values.digest.empty() && (is_new || current.has_digest);
  return fmt::format("{}:{}{}{}", is_new ? rule.service->image.str() : current.repository, values.tag,
                     with_digest ? "@" : "", with_digest ? values.digest : "");
}

}  // namespace

bool lacks_version(const Write& write, std::string_view version) noexcept {
  return version.empty() && write.when == WriteWhen::present && write.value.find("{version}") != std::string::npos;
}

std::string render_write(const Write& write, const TargetRule& rule, const WriteValues& values) {
  if (write.image) return render_image(rule, values);
  const std::string image = rule.service->image.str();
  const std::string number = std::to_string(rule.number);
  const std::pair<std::string_view, std::string_view> names[] = {{"tag", values.tag},
                                                                 {"digest", values.digest},
                                                                 {"version", values.version},
                                                                 {"sha", values.commit},
                                                                 {"image", image},
                                                                 {"service", rule.service->name},
                                                                 {"number", number},
                                                                 {"environment", rule.target.environment}};
  return render(write.value, names);
}

Result<const Write*> tag_write(const TargetRule& rule) {
  for (const Write& write : *rule.writes)
    if (write.value.find("{tag}") != std::string::npos) return &write;
  return Error{
      .code = ErrorCode::bad_config,
      .message = fmt::format("no write of '{}' in '{}' holds {{tag}}", rule.service->name, rule.target.environment),
      .hint = "add a write such as {path: image.tag, value: \"{tag}\"}"};
}

std::optional<std::string> tag_in(const Write& write, const TargetRule& rule, std::string_view text) {
  if (write.image) {
    const std::string_view tag = image_text(text).tag;
    return tag.empty() ? std::nullopt : std::optional(std::string(tag));
  }
  constexpr std::string_view placeholder = "{tag}";
  const std::string pattern = render_write(write, rule, {.tag = placeholder, .digest = "{digest}"});
  const auto at = pattern.find(placeholder);
  const std::string_view head = std::string_view(pattern).substr(0, at);
  std::string_view tail = std::string_view(pattern).substr(at + placeholder.size());
  if (!text.starts_with(head)) return std::nullopt;
  text.remove_prefix(head.size());
  if (const auto digest = tail.find("{digest}"); digest != std::string_view::npos) {
    tail = tail.substr(0, digest);
    const auto end = text.find(tail);
    return end == std::string_view::npos ? std::nullopt : std::optional(std::string(text.substr(0, end)));
  }
  if (!text.ends_with(tail)) return std::nullopt;
  return std::string(text.substr(0, text.size() - tail.size()));
}

Result<std::vector<const Environment*>> environments_of(const Pipeline& pipeline, std::string_view name) {
  std::vector<const Environment*> members;
  for (const Environment& environment : pipeline.environments)
    if (!environment.lockstep.empty() && environment.lockstep == name) members.push_back(&environment);
  if (!members.empty()) return members;
  if (const Environment* environment = pipeline.find_environment(name)) {
    if (environment->lockstep.empty()) return std::vector{environment};
    return Error{
        .code = ErrorCode::bad_request,
        .message = fmt::format("'{}' changes only together with its lockstep group '{}'", name, environment->lockstep),
        .hint = fmt::format("name the group '{}'", environment->lockstep)};
  }
  return unknown_name(pipeline.environments, "environment", name);
}

Result<std::vector<const Service*>> services_of(const Pipeline& pipeline, const std::vector<std::string>& names) {
  std::vector<const Service*> services;
  for (const std::string& name : names) {
    const Service* service = pipeline.find_service(name);
    if (service == nullptr) return unknown_name(pipeline.services, "service", name);
    if (std::find(services.begin(), services.end(), service) == services.end()) services.push_back(service);
  }
  if (!services.empty()) return services;
  if (pipeline.services.size() == 1) return std::vector{&pipeline.services.front()};
  std::vector<std::string> all;
  all.reserve(pipeline.services.size());
  for (const Service& service : pipeline.services) all.push_back(service.name);
  return Error{.code = ErrorCode::bad_request,
               .message = "the pipeline has several services and the request names none",
               .hint = fmt::format("add --service with one of: {}", fmt::join(all, ", "))};
}

}  // namespace samebits
