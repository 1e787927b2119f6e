#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include <samebits/registry.hpp>

#include "crypto/sha256.hpp"
#include "registry/manifest.hpp"
#include "support/must.hpp"

namespace samebits::test {

/// Opens the registry under test anew: a repository with the indexes `main-1` and `main-2` and the manifest `single`,
/// and no other tags.
using OpenRegistry = std::function<std::unique_ptr<Registry>()>;

/// What every `Registry` must do.
class RegistryContract {
 public:
  explicit RegistryContract(OpenRegistry open) : open_(std::move(open)) {}

  void run() {
    reads();
    creates_once();
    keeps_what_is_there();
    retags();
    lists_by_text();
    refuses();
    ends_when_told();
  }

 private:
  void reads() {
    const auto registry = open_();
    const auto found = must(registry->resolve(context_, "main-1"));
    REQUIRE(found);
    CHECK_FALSE(must(registry->resolve(context_, "absent")));
    const auto manifest = must(registry->manifest(context_, *found));
    REQUIRE(manifest);
    CHECK(manifest->digest == *found);
    CHECK(sha256_digest(manifest->bytes) == *found);
    CHECK(is_index_type(manifest->media_type));
    CHECK(must(platforms_of(*manifest)) == std::vector<std::string>{"linux/amd64", "linux/arm64"});
    const auto single = must(registry->manifest(context_, *must(registry->resolve(context_, "single"))));
    CHECK(is_manifest_type(single->media_type));
    CHECK_FALSE(is_index_type(single->media_type));
    CHECK_FALSE(must(registry->manifest(context_, sha256_digest("nothing is this"))));
  }

  void creates_once() {
    const auto registry = open_();
    for (const std::string source : {"main-1", "single"}) {
      const Digest digest = *must(registry->resolve(context_, source));
      const std::string tag = "v1-" + source;
      CHECK(must(registry->create_tag(context_, tag, digest)) == TagCreated::created);
      CHECK(must(registry->resolve(context_, tag)) == digest);
      CHECK(must(registry->create_tag(context_, tag, digest)) == TagCreated::already);
      CHECK(must(open_()->create_tag(context_, tag, digest)) == TagCreated::already);
      CHECK(must(open_()->manifest(context_, digest))->bytes == must(registry->manifest(context_, digest))->bytes);
    }
  }

  void keeps_what_is_there() {
    const auto registry = open_();
    const Digest first = *must(registry->resolve(context_, "main-1"));
    const Digest second = *must(registry->resolve(context_, "main-2"));
    must(registry->create_tag(context_, "v2", first));
    const auto conflict = registry->create_tag(context_, "v2", second);
    CHECK(code_of(conflict) == "tag_exists");
    CHECK(conflict.error().message.find(first.str()) != std::string::npos);
    CHECK(conflict.error().message.find(second.str()) != std::string::npos);
    CHECK(must(registry->resolve(context_, "v2")) == first);
    CHECK(code_of(registry->retag(context_, "main-2", "v2")) == "tag_exists");
  }

  void retags() {
    const auto registry = open_();
    const auto done = must(registry->retag(context_, "main-2", "v3"));
    CHECK(done.outcome == TagCreated::created);
    CHECK(done.digest == *must(registry->resolve(context_, "main-2")));
    CHECK(must(open_()->resolve(context_, "v3")) == done.digest);
    CHECK(must(registry->retag(context_, "main-2", "v3")).outcome == TagCreated::already);
    CHECK(code_of(registry->retag(context_, "absent", "v4")) == "image_missing");
    const auto tags = must(registry->list(context_));
    CHECK(std::is_sorted(tags.begin(), tags.end()));
    for (const std::string tag : {"main-1", "main-2", "single", "v1-main-1", "v1-single", "v2", "v3"})
      CHECK_MESSAGE(std::count(tags.begin(), tags.end(), tag) == 1, tag);
    CHECK(std::count(tags.begin(), tags.end(), "v4") == 0);
  }

  void lists_by_text() {
    const auto registry = open_();
    const Digest digest = *must(registry->resolve(context_, "single"));
    // All in lower case: Gitea lists them so.
    const std::vector<std::string> sorted = {"z-b", "z1", "z10", "z2", "z_b"};
    for (const std::string tag : {"z_b", "z2", "z10", "z1", "z-b"}) must(registry->create_tag(context_, tag, digest));
    std::vector<std::string> listed;
    for (const std::string& tag : must(registry->list(context_)))
      if (tag.starts_with('z')) listed.push_back(tag);
    CHECK(listed == sorted);
  }

  void refuses() {
    const auto registry = open_();
    const Digest digest = *must(registry->resolve(context_, "main-1"));
    for (const std::string bad : {"", "a/b", "-a", ".a", "a b", "../x"}) {
      CHECK_MESSAGE(code_of(registry->create_tag(context_, bad, digest)) == "bad_tag", bad);
    }
    CHECK(code_of(registry->create_tag(context_, "v5", sha256_digest("nothing is this"))) == "image_missing");
    CHECK_FALSE(must(registry->resolve(context_, "v5")));
  }

  void ends_when_told() {
    const auto registry = open_();
    CancelToken token;
    token.fire();
    Context cancelled{.cancel = &token};
    CHECK(code_of(registry->resolve(cancelled, "main-1")) == "cancelled");
    CHECK(code_of(registry->manifest(cancelled, sha256_digest("nothing is this"))) == "cancelled");
    CHECK(code_of(registry->create_tag(cancelled, "v6", sha256_digest("nothing is this"))) == "cancelled");
    CHECK(code_of(registry->retag(cancelled, "main-1", "v6")) == "cancelled");
    CHECK(code_of(registry->list(cancelled)) == "cancelled");
    Context late{.deadline = Context::Clock::now()};
    CHECK(code_of(registry->list(late)) == "timed_out");
    CHECK_FALSE(must(open_()->resolve(context_, "v6")));
  }

  OpenRegistry open_;
  Context context_;
};

}  // namespace samebits::test
