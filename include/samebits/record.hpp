#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <samebits/clock.hpp>
#include <samebits/digest.hpp>
#include <samebits/object_id.hpp>
#include <samebits/repo_path.hpp>

namespace samebits {

/// What an environment ran before a promotion.
struct Replaced {
  std::string tag;
  /// Nothing where it could not be resolved any more.
  std::optional<Digest> digest = {};

  bool operator==(const Replaced&) const = default;
};

/// What an environment was promoted to, by what and with which digest: `.samebits/{environment}/{service}.json`.
/// Trusted only where the values file has its tag.
struct Record {
  std::string environment;
  std::string service;
  std::string tag;
  Digest digest;
  std::optional<CommitId> commit = {};
  std::string operation = {};
  std::string promotion_id = {};
  /// `<name> <verdict> <evidence id>`.
  std::vector<std::string> gates = {};
  std::optional<BlobId> policy = {};
  std::string actor = {};
  Time time = {};
  std::optional<Replaced> replaced = {};
  /// The record before: a chain of blobs.
  std::optional<BlobId> previous = {};
  /// The records before that one, newest first, `max_earlier` at most: who follows the chain asks for all of them at
  /// once. Only `previous` is believed.
  std::vector<BlobId> earlier = {};
  static constexpr std::size_t max_earlier = 31;

  /// Where the record of a service in an environment lies. Errors: bad_path.
  static Result<RepoPath> path(std::string_view environment, std::string_view service);
  /// Errors: bad_answer, with what is wrong.
  static Result<Record> parse(std::string_view json);
  /// One member a line, final line break.
  std::string str() const;
};

}  // namespace samebits
