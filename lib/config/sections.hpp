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
  /// `environments.prod` to its place.
  std::map<std::string, Place> places;

  Place place(const std::string& path) const {
    const auto found = places.find(path);
    return found == places.end() ? Place{} : found->second;
  }
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

/// What the sections must be together: names, paths, groups, references.
void check_pipeline(Draft& draft);

}  // namespace samebits::config
