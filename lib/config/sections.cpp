#include "config/sections.hpp"

#include <algorithm>

#include <samebits/values_file.hpp>

#include "core/tag_pattern.hpp"
#include "core/text.hpp"
#include "json/json.hpp"

namespace samebits::config {
namespace {

SourceLocation read_source(Section& service, Findings& findings) {
  SourceLocation source;
  const yaml::Node* node = service.take("source");
  if (node == nullptr || node->kind == yaml::Node::Kind::scalar) {
    source.url = service.required_text("source", "the URL or folder of the repository");
  } else {
    Section section(*node, service.name() + ".source", findings);
    source.url = section.required_text("url", "the URL or folder of the repository");
    source.branch = section.text("branch").value_or("");
    source.forge = section.word("forge", {"", "github", "gitea", "none"});
    section.finish();
  }
  const auto host = source.url.find("://");
  const auto user = host == std::string::npos ? host : source.url.substr(host + 3).find('@');
  if (user != std::string::npos && source.url.substr(host + 3, user).find(':') != std::string::npos) {
    findings.add(node->where, fmt::format("{}.source holds a password", service.name()),
                 "take it out and change it: credentials are given to the client");
    source.url.clear();
  }
  return source;
}

void check_write_value(const Write& write, const Place& where, Findings& findings) {
  static const std::vector<std::string> names = {"tag",   "digest", "version", "sha",
                                                 "image", "number", "service", "environment"};
  const std::string& value = write.value;
  for (std::size_t at = value.find('{'); at != std::string::npos; at = value.find('{', at + 1)) {
    const auto end = value.find('}', at);
    const std::string name = value.substr(at + 1, end == std::string::npos ? end : end - at - 1);
    if (end != std::string::npos && std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = nearest(name, names);
    findings.add(where, fmt::format("'{}' has the unknown placeholder '{{{}}}'", value, printable(name)),
                 near.empty() ? fmt::format("known are: {{{}}}", fmt::join(names, "}, {"))
                              : fmt::format("did you mean '{{{}}}'?", near));
  }
}

}  // namespace

void read_services(const yaml::Node* node, Draft& draft) {
  if (node == nullptr || node->kind != yaml::Node::Kind::mapping || node->entries.empty()) {
    draft.findings.add(node != nullptr ? node->where : draft.place(""), "services is missing or empty",
                       "add services: {NAME: {image: ..., source: ...}}");
    return;
  }
  for (const auto& [key, value] : node->entries) {
    const std::string name = "services." + key.text;
    Section section(value, name, draft.findings);
    Service service{.name = key.text, .image = {}, .source = {}};
    const yaml::Node* image = value.find("image");
    const std::string text = section.required_text("image", "HOST/REPOSITORY or oci:FOLDER");
    if (image != nullptr && !text.empty()) {
      if (auto repo = ImageRepo::parse(text)) {
        service.image = *std::move(repo);
      } else {
        draft.findings.add(image->where, repo.error());
      }
    }
    service.source = read_source(section, draft.findings);
    if (const yaml::Node* writes = section.take("writes"))
      service.writes = read_write_list(*writes, name + ".writes", draft.findings);
    section.reserve("chart", "chart revisions that are promoted with the image");
    section.finish();
    draft.pipeline.services.push_back(std::move(service));
  }
}

void read_tags(const yaml::Node* node, Draft& draft) {
  TagPatterns::Texts texts;
  if (node == nullptr) return;
  Section section(*node, "tags", draft.findings);
  texts.pull_request = section.text("pull-request").value_or(texts.pull_request);
  texts.snapshot = section.text("snapshot").value_or(texts.snapshot);
  texts.release = section.text("release").value_or(texts.release);
  texts.git = section.text("git").value_or(texts.git);
  section.finish();
  for (const auto& [key, error] : check_tag_patterns(texts)) {
    draft.findings.add(draft.place(fmt::format("tags.{}", key)), error);
    draft.tags_are_known = false;
  }
  if (auto patterns = TagPatterns::parse(texts)) draft.pipeline.tags = *std::move(patterns);
}

namespace {

/// The entry of `images:` whose `name` is the image, or what `name:` says: all that it says of the image agrees.
void add_kustomize(Section& section, std::vector<Write>& writes) {
  const std::string name = section.text("name").value_or("{image}");
  const bool always = section.word("when", {"", "present", "always"}) == "always";
  section.finish();
  const bool is_word = name.find_first_of("]\"") == std::string::npos;
  const std::string entry = fmt::format("images[name={}]", is_word ? name : write_json(Json(name)));
  writes.push_back(
      {.path = entry + ".newTag", .value = "{tag}", .when = always ? WriteWhen::always : WriteWhen::required});
  writes.push_back(
      {.path = entry + ".digest", .value = "{digest}", .when = always ? WriteWhen::always : WriteWhen::present});
  if (name != "{image}")
    writes.push_back(
        {.path = entry + ".newName", .value = "{image}", .when = always ? WriteWhen::always : WriteWhen::present});
}

}  // namespace

std::vector<Write> read_write_list(const yaml::Node& node, const std::string& name, Findings& findings) {
  std::vector<Write> writes;
  if (node.kind != yaml::Node::Kind::sequence || node.items.empty()) {
    findings.add(node.where, fmt::format("{} must be a list of writes", name),
                 "write - {path: image.tag, value: \"{tag}\"}");
    return writes;
  }
  for (const yaml::Node& item : node.items) {
    Section section(item, name + "[]", findings);
    const std::string kind = section.word("kind", {"helm", "kustomize", "image"});
    if (kind == "kustomize") {
      add_kustomize(section, writes);
      continue;
    }
    Write write{.path = section.required_text("path", "the key that is set, such as image.tag"),
                .value = kind == "image" ? section.text("value").value_or("{image}:{tag}@{digest}")
                                         : section.required_text("value", "\"{tag}\"")};
    const std::string when = section.word("when", {"", "present", "always"});
    write.when = when == "present" ? WriteWhen::present : when == "always" ? WriteWhen::always : WriteWhen::required;
    write.image = kind == "image" && write.value == "{image}:{tag}@{digest}";
    section.finish();
    if (!write.path.empty())
      if (const auto path = ValuePath::parse(write.path); !path) findings.add(item.where, path.error());
    check_write_value(write, item.where, findings);
    writes.push_back(std::move(write));
  }
  return writes;
}

void read_writes(const yaml::Node* node, Draft& draft) {
  if (node != nullptr) {
    draft.pipeline.writes = read_write_list(*node, "writes", draft.findings);
    return;
  }
  draft.pipeline.writes = {{.path = "image.tag", .value = "{tag}"},
                           {.path = "image.digest", .value = "{digest}", .when = WriteWhen::present}};
}

void read_release(const yaml::Node* node, Draft& draft) {
  ReleaseRule& release = draft.pipeline.release;
  release.gates = {"preprod-tests", "ran-in-preprod"};
  if (node == nullptr) return;
  Section section(*node, "release", draft.findings);
  release.from = section.text("from").value_or(release.from);
  if (auto gates = section.texts("gates")) release.gates = *std::move(gates);
  release.forge_release = section.word("forge-release", {"auto", "always", "never"});
  section.finish();
}

void read_reconciler(const yaml::Node* node, Draft& draft) {
  if (node == nullptr) return;
  Section section(*node, "reconciler", draft.findings);
  draft.pipeline.reconciler = {.kind = section.word("kind", {"argocd", "flux"}),
                               .url = section.required_text("url", "the address of its API"),
                               .application = section.text("application").value_or("{service}-{environment}")};
  section.finish();
}

}  // namespace samebits::config
