#pragma once

#include <functional>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include <samebits/registry.hpp>

#include "crypto/sha256.hpp"
#include "support/must.hpp"

namespace samebits::test {

/// A repository that has no tag and the manifests that were put into it.
struct RegistryPlace {
  /// Gives a new adapter on the repository.
  std::function<std::unique_ptr<Registry>()> open;
  /// Puts a manifest there, without a tag.
  std::function<void(const std::string& bytes, const std::string& media_type)> put;
};

/// What every `Registry` must do.
class RegistryContract {
 public:
  explicit RegistryContract(RegistryPlace place) : place_(std::move(place)), registry_(place_.open()) {}

  void run() {
    SUBCASE("what is not there is nothing") nothing();
    SUBCASE("a manifest comes back with exactly its bytes") exact_bytes();
    SUBCASE("a tag is made once and never moved") tags();
    SUBCASE("a tag needs a manifest that is there") without_manifest();
    SUBCASE("tags are listed by their text") listing();
    SUBCASE("a fired token ends every call") cancelled();
  }

 private:
  static constexpr const char* media_type = "application/vnd.oci.image.manifest.v1+json";

  static std::string manifest_text(const std::string& name) {
    return R"({"schemaVersion": 2,  "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": )"
           R"({"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": )"
           R"("sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"}, "layers": [], )"
           R"("annotations": {"name": ")" +
           name + "\"}}\n";
  }
  Digest put(const std::string& name) {
    place_.put(manifest_text(name), media_type);
    return sha256_digest(manifest_text(name));
  }

  void nothing() {
    CHECK(!must(registry_->resolve(context_, "absent")));
    CHECK(!must(registry_->manifest(context_, sha256_digest("absent"))));
    CHECK(must(registry_->list(context_)).empty());
  }

  void exact_bytes() {
    const Digest digest = put("one");
    const auto found = must(registry_->manifest(context_, digest));
    REQUIRE(found);
    CHECK(found->digest == digest);
    CHECK(found->bytes == manifest_text("one"));
    CHECK(found->media_type == media_type);
  }

  void tags() {
    const Digest one = put("one");
    const Digest two = put("two");
    CHECK(must(registry_->create_tag(context_, "v1.0.0", one)) == TagCreated::created);
    CHECK(must(registry_->create_tag(context_, "v1.0.0", one)) == TagCreated::already);
    CHECK(code_of(registry_->create_tag(context_, "v1.0.0", two)) == "tag_exists");
    CHECK(must(registry_->resolve(context_, "v1.0.0")) == one);
    CHECK(must(place_.open()->resolve(context_, "v1.0.0")) == one);
    CHECK(must(registry_->create_tag(context_, "stable", one)) == TagCreated::created);
  }

  void without_manifest() {
    CHECK(code_of(registry_->create_tag(context_, "v1.0.0", sha256_digest("absent"))) == "image_missing");
    CHECK(!must(registry_->resolve(context_, "v1.0.0")));
  }

  void listing() {
    const Digest one = put("one");
    for (const char* tag : {"v2", "V1", "v10", "a_b", "a-b", "main-x"}) must(registry_->create_tag(context_, tag, one));
    CHECK(must(registry_->list(context_)) == std::vector<std::string>{"V1", "a-b", "a_b", "main-x", "v10", "v2"});
  }

  void cancelled() {
    const Digest one = put("one");
    CancelToken token;
    token.fire();
    Context ended{.deadline = {}, .cancel = &token, .log = {}};
    CHECK(code_of(registry_->resolve(ended, "v1.0.0")) == "cancelled");
    CHECK(code_of(registry_->manifest(ended, one)) == "cancelled");
    CHECK(code_of(registry_->create_tag(ended, "v1.0.0", one)) == "cancelled");
    CHECK(code_of(registry_->list(ended)) == "cancelled");
    CHECK(!must(registry_->resolve(context_, "v1.0.0")));
  }

  RegistryPlace place_;
  Context context_;
  std::unique_ptr<Registry> registry_;
};

}  // namespace samebits::test
