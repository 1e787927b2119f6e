#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/result.hpp>

#include "values/yaml_tree.hpp"

namespace samebits::config {

/// Everything that is wrong with a file, in the order in which it was found.
class Findings {
 public:
  void add(const Place& where, std::string message, std::string hint);
  /// An error of a value type, as a finding at `where`.
  void add(const Place& where, const Error& error);
  bool empty() const noexcept { return all_.empty(); }
  const std::vector<Error>& all() const noexcept { return all_; }

 private:
  std::vector<Error> all_;
};

/// Reads one mapping: each member is taken once, and what nobody took is unknown.
class Section {
 public:
  /// `name` is the path for messages: `environments.prod`. A node that is no mapping is a finding.
  Section(const yaml::Node& node, std::string name, Findings& findings);

  const std::string& name() const noexcept { return name_; }
  const Place& where() const noexcept { return node_.where; }
  bool has(std::string_view key) const { return node_.find(key) != nullptr; }
  /// Null where it is not there.
  const yaml::Node* take(std::string_view key);

  /// The text of a scalar, one line and not empty; nothing where it is not there.
  std::optional<std::string> text(std::string_view key);
  /// A text that must be there.
  std::string required_text(std::string_view key, std::string_view what);
  std::optional<bool> boolean(std::string_view key);
  /// One of `words`; the first where it is not there.
  std::string word(std::string_view key, const std::vector<std::string>& words);
  /// A list of texts.
  std::optional<std::vector<std::string>> texts(std::string_view key);
  /// A word that has a meaning to come: a finding, and true, where it is there.
  bool reserve(std::string_view key, std::string_view meaning);

  /// Reports every member that was not taken, with the nearest one that could have been.
  void finish();

 private:
  const yaml::Node& node_;
  std::string name_;
  Findings& findings_;
  std::vector<std::string> known_;
  std::vector<std::string> reserved_;
};

}  // namespace samebits::config
