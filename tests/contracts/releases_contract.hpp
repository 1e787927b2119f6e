#pragma once

#include <functional>
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include <samebits/context.hpp>
#include <samebits/releases.hpp>

#include "support/must.hpp"

namespace samebits::test {

/// A repository with a commit, and Git tags that are made as they are needed.
struct ReleasesPlace {
  std::function<std::unique_ptr<Releases>()> open;
  CommitId commit;
  /// Makes a Git tag at the commit.
  std::function<void(const std::string& name)> tag;
};

/// What every `Releases` must do.
class ReleasesContract {
 public:
  explicit ReleasesContract(ReleasesPlace place) : place_(std::move(place)), releases_(place_.open()) {}

  void run() {
    SUBCASE("a version without a release has none") absent();
    SUBCASE("what is made is found by every reader") made();
    SUBCASE("a release is made once") once();
    SUBCASE("a pre-release says that it is one") pre_release();
  }

 private:
  NewForgeRelease release(const std::string& tag) const {
    return {.tag = tag, .commit = place_.commit, .title = "Demo " + tag, .notes = "What changed\n"};
  }

  void absent() {
    CHECK(!must(releases_->find(context_, "v1.0.0")));
    (void)must(releases_->notes(context_, "v1.0.0", place_.commit, ""));
    CHECK(!must(releases_->find(context_, "v1.0.0")));
  }

  void made() {
    place_.tag("v1.0.0");
    const ForgeRelease release = must(releases_->create(context_, this->release("v1.0.0")));
    CHECK(!release.id.empty());
    CHECK(release.tag == "v1.0.0");
    CHECK(!release.draft);
    CHECK(!release.pre_release);
    const auto found = must(place_.open()->find(context_, "v1.0.0"));
    REQUIRE(found);
    CHECK(found->id == release.id);
    CHECK(found->title == "Demo v1.0.0");
    CHECK(found->notes == "What changed\n");
    CHECK(!must(place_.open()->find(context_, "v1.0")));
  }

  void once() {
    place_.tag("v1.0.0");
    const ForgeRelease first = must(releases_->create(context_, release("v1.0.0")));
    CHECK(code_of(releases_->create(context_, release("v1.0.0"))) == "tag_exists");
    CHECK(must(releases_->find(context_, "v1.0.0"))->id == first.id);
  }

  void pre_release() {
    place_.tag("v1.0.0-rc.1");
    NewForgeRelease wanted = release("v1.0.0-rc.1");
    wanted.pre_release = true;
    wanted.latest = false;
    CHECK(must(releases_->create(context_, wanted)).pre_release);
    CHECK(must(releases_->find(context_, "v1.0.0-rc.1"))->pre_release);
  }

  ReleasesPlace place_;
  Context context_;
  std::unique_ptr<Releases> releases_;
};

}  // namespace samebits::test
