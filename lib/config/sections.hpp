#pragma once

#include <map>
#include <string>

#include <samebits/pipeline.hpp>

#include "config/reader.hpp"

namespace samebits::config {

/// A pipeline while it is read, with the places that later checks name.
struct Draft {
  Pipeline pipeline;
  Findings findings;
  /// `environments.prod.values` to its place.
  std::map<std::string, Place> places;
  /// False where the section could not be read: what others say of it is not worth a finding of its own.
  bool tags_are_known = true;
  bool gates_are_known = true;

  /// The place of what `path` names, or of the nearest section around it.
  Place place(std::string path) const;
};

// Each reads one member of the file, or fills in its defaults where `node` is null.
void read_services(const yaml::Node* node, Draft& draft);
void read_tags(const yaml::Node* node, Draft& draft);
void read_environments(const yaml::Node* node, Draft& draft);
void read_writes(const yaml::Node* node, Draft& draft);
void read_gates(const yaml::Node* node, Draft& draft);
void read_release(const yaml::Node* node, Draft& draft);
void read_reconciler(const yaml::Node* node, Draft& draft);

/// A list of writes. Errors are findings.
std::vector<Write> read_write_list(const yaml::Node& node, const std::string& name, Findings& findings);

/// Findings for every `{name}` in `text` that is none of `allowed`. `what` names the text.
void check_placeholders(const std::string& text, const std::vector<std::string>& allowed, const std::string& what,
                        const Place& where, Findings& findings);

/// What the sections must be together: names, groups, references.
void check_pipeline(Draft& draft);
/// Files, records and rendered names of all targets: legal, and nobody's twice.
void check_paths(Draft& draft);
/// The file against the published JSON Schema: what is left after the other checks are values of another type.
void check_schema(const yaml::Node& root, Draft& draft);
/// Writes that their targets can fill in, and a tag that can be read back.
void check_writes(Draft& draft);

}  // namespace samebits::config
