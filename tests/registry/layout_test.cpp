#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "crypto/sha256.hpp"
#include "json/json.hpp"
#include "registry/manifest.hpp"
#include "servers/process.hpp"
#include "support/child.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

using namespace samebits;
using namespace samebits::test;

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

/// A layout with the image `main-1`, and its parts.
struct Layout {
  TempFolder folder;
  fs::path path = folder.path() / "images";
  Context context;

  Layout() { make("main-1"); }
  void make(const std::string& tag) const {
    run_command({"/usr/bin/python3", SAMEBITS_MAKE_IMAGE, path, tag, "--content", tag});
  }
  std::unique_ptr<Registry> open() const { return open_image_layout(path.string()); }
  Digest digest(const std::string& tag) { return *must(open()->resolve(context, tag)); }
  fs::path blob(const Digest& digest) const { return path / "blobs/sha256" / digest.hex(); }
  Json index() const { return must(parse_json(read(path / "index.json"), "index.json")); }
  void set_index(const Json& index) const { write(path / "index.json", write_json(index)); }
};

}  // namespace

TEST_CASE("skopeo and umoci read the tag that was written") {
  Layout layout;
  must(layout.open()->create_tag(layout.context, "v1.0.0", layout.digest("main-1")));
  const std::string raw = run_command({"skopeo", "inspect", "--raw", "oci:" + layout.path.string() + ":v1.0.0"});
  CHECK(sha256_digest(raw) == layout.digest("main-1"));
  const std::string listed = run_command({"umoci", "ls", "--layout", layout.path});
  CHECK(listed.find("v1.0.0") != std::string::npos);
  run_command({"skopeo", "copy", "-q", "--all", "oci:" + layout.path.string() + ":v1.0.0",
               "oci:" + (layout.folder.path() / "copy").string() + ":x"});
  CHECK(must(open_image_layout((layout.folder.path() / "copy").string())->resolve(layout.context, "x")) ==
        layout.digest("main-1"));
}

TEST_CASE("entries and annotations that are not ours stay as they are") {
  Layout layout;
  Json index = layout.index();
  Json foreign;
  foreign.add("mediaType", "application/vnd.example.thing");
  foreign.add("digest", "sha512:" + std::string(128, 'a'));
  foreign.add("size", 7);
  Json annotations;
  annotations.add("com.example.owner", "somebody");
  foreign.add("annotations", annotations);
  for (auto& [name, value] : *index.object())
    if (name == "manifests") value.array()->push_back(foreign);
  index.add("annotations", annotations);
  layout.set_index(index);
  must(layout.open()->create_tag(layout.context, "v1.0.0", layout.digest("main-1")));
  const Json after = layout.index();
  CHECK(*after.find("annotations") == annotations);
  const auto& entries = *after.find("manifests")->array();
  CHECK(std::count(entries.begin(), entries.end(), foreign) == 1);
  CHECK(entries.size() == index.find("manifests")->array()->size() + 1);
}

TEST_CASE("an index inside an index is tagged as it is") {
  Layout layout;
  const Digest inner = layout.digest("main-1");
  const std::string outer = "{\"schemaVersion\":2,\"mediaType\":\"" + std::string(oci_index_type) +
                            "\",\"manifests\":[{\"mediaType\":\"" + std::string(oci_index_type) + "\",\"digest\":\"" +
                            inner.str() + "\",\"size\":" + std::to_string(fs::file_size(layout.blob(inner))) + "}]}";
  write(layout.path / "blobs/sha256" / sha256_hex(outer), outer);
  const Digest digest = sha256_digest(outer);
  CHECK(must(layout.open()->create_tag(layout.context, "nested", digest)) == TagCreated::created);
  CHECK(must(layout.open()->manifest(layout.context, digest))->bytes == outer);
  CHECK(must(layout.open()->resolve(layout.context, "nested")) == digest);
}

TEST_CASE("bytes that are not what their digest says, or not as many, are refused") {
  Layout layout;
  const Digest digest = layout.digest("main-1");
  std::string bytes = read(layout.blob(digest));
  const std::string good = bytes;
  bytes[bytes.find("schemaVersion")] = 'S';
  write(layout.blob(digest), bytes);
  CHECK(code_of(layout.open()->manifest(layout.context, digest)) == "bad_answer");
  CHECK(code_of(layout.open()->create_tag(layout.context, "v1", digest)) == "bad_answer");
  write(layout.blob(digest), good.substr(0, good.size() / 2));
  CHECK(code_of(layout.open()->resolve(layout.context, "main-1")) == "bad_answer");
  fs::remove(layout.blob(digest));
  CHECK(code_of(layout.open()->resolve(layout.context, "main-1")) == "bad_answer");
  CHECK(code_of(layout.open()->create_tag(layout.context, "v1", digest)) == "image_missing");
  write(layout.blob(digest), good);
  CHECK_FALSE(must(layout.open()->resolve(layout.context, "v1")));
}

TEST_CASE("a folder that is no layout, and an index that is none, say so") {
  Layout layout;
  CHECK(code_of(open_image_layout("/nonexistent")->resolve(layout.context, "x")) == "repository_missing");
  CHECK(code_of(open_image_layout(layout.folder.path().string())->list(layout.context)) == "repository_missing");
  for (const std::string broken : {"", "{", "[]", "{\"manifests\": 7}", "null"}) {
    write(layout.path / "index.json", broken);
    CHECK_MESSAGE(code_of(layout.open()->list(layout.context)) == "bad_answer", broken);
  }
  fs::remove(layout.path / "index.json");
  CHECK(code_of(layout.open()->list(layout.context)) == "bad_answer");
}

TEST_CASE("writers at the same time all land, and readers see whole indexes only") {
  Layout layout;
  const Digest digest = layout.digest("main-1");
  const auto outcomes = in_children(8, [&](int number) -> std::string {
    for (int i = 0; i < 10; ++i) {
      const auto done =
          layout.open()->create_tag(layout.context, "v" + std::to_string(number) + "." + std::to_string(i), digest);
      if (!done || !layout.open()->list(layout.context)) return "failed";
    }
    return "done";
  });
  for (const std::string& outcome : outcomes) CHECK(outcome == "done");
  CHECK(must(layout.open()->list(layout.context)).size() == 81);
}

TEST_CASE("of two writers of one tag with different digests one gets the conflict") {
  Layout layout;
  layout.make("main-2");
  const Digest digests[2] = {layout.digest("main-1"), layout.digest("main-2")};
  for (int round = 0; round < 20; ++round) {
    const std::string tag = "v" + std::to_string(round);
    const auto outcomes = in_children(
        2, [&](int number) { return code_of(layout.open()->create_tag(layout.context, tag, digests[number])); });
    CHECK((outcomes[0] == "none") != (outcomes[1] == "none"));
    CHECK((outcomes[0] == "tag_exists" || outcomes[1] == "tag_exists"));
    CHECK(layout.digest(tag) == digests[outcomes[0] == "none" ? 0 : 1]);
  }
}

TEST_CASE("a writer that is killed at any moment leaves a whole index and no lock") {
  Layout layout;
  const Digest digest = layout.digest("main-1");
  for (int round = 0; round < 30; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int i = 0;; ++i)
        if (!layout.open()->create_tag(layout.context, "k" + std::to_string(round) + "." + std::to_string(i), digest))
          ::_exit(1);
    }
    // Somewhere in its work: after as many tags as the number of the round.
    while (
        !must(layout.open()->resolve(layout.context, "k" + std::to_string(round) + "." + std::to_string(round % 5)))) {
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    must(layout.open()->list(layout.context));
    must(layout.open()->create_tag(layout.context, "after" + std::to_string(round), digest));
  }
}
