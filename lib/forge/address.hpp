#pragma once

#include <string>

#include <samebits/pipeline.hpp>

#include "http/url.hpp"

namespace samebits::forge {

enum class Kind { github, gitea };

/// Where a repository is at its forge.
struct Address {
  Kind kind = Kind::github;
  /// `https://api.github.com`, `https://HOST/api/v3` (GitHub Enterprise), `https://HOST/api/v1` (Gitea).
  http::Url api;
  std::string owner;
  std::string repository;
  /// `https://HOST/OWNER/REPOSITORY`: for people, and what credentials are asked for.
  http::Url web;
  /// The protected branch as it is configured; empty: the repository's default.
  std::string branch = {};

  /// `/repos/OWNER/REPOSITORY`.
  std::string path() const;
  std::string location() const { return web.shown(); }
};

/// `none` where the location names no forge: by its word, else by a host that is known.
bool names_forge(const SourceLocation& location);
/// Errors: bad_config.
Result<Address> address_of(const SourceLocation& location);

/// Whether Git takes it as a name below `refs/heads/` or `refs/tags/`. Source: git-check-ref-format(1).
bool is_ref_name(std::string_view name);

}  // namespace samebits::forge
