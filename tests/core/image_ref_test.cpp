#include <sstream>

#include <doctest/doctest.h>

#include <samebits/image_ref.hpp>
#include <samebits/repo_path.hpp>

#include "support/must.hpp"

namespace samebits::test {
namespace {

const std::string bits = "sha256:" + std::string(64, '1');

}  // namespace

TEST_CASE("a reference has Docker's defaults and says all of them") {
  const std::pair<std::string, std::string> cases[] = {{"nginx", "docker.io/library/nginx:latest"},
                                                       {"nginx:1.25", "docker.io/library/nginx:1.25"},
                                                       {"acme/api", "docker.io/acme/api:latest"},
                                                       {"docker.io/nginx", "docker.io/library/nginx:latest"},
                                                       {"index.docker.io/acme/api", "docker.io/acme/api:latest"},
                                                       {"docker.io/library/nginx:1", "docker.io/library/nginx:1"},
                                                       {"ghcr.io/acme/api", "ghcr.io/acme/api:latest"},
                                                       {"ghcr.io/acme/api:v1.2.3", "ghcr.io/acme/api:v1.2.3"},
                                                       {"ghcr.io/acme/api@" + bits, "ghcr.io/acme/api@" + bits},
                                                       {"ghcr.io/acme/api:v1@" + bits, "ghcr.io/acme/api:v1@" + bits},
                                                       {"localhost/x", "localhost/x:latest"},
                                                       {"localhost:5000/x", "localhost:5000/x:latest"},
                                                       {"localhost:5000", "docker.io/library/localhost:5000"},
                                                       {"localhost:5000/x:y", "localhost:5000/x:y"},
                                                       {"127.0.0.1:5000/a/b/c:y", "127.0.0.1:5000/a/b/c:y"},
                                                       {"[::1]:5000/x", "[::1]:5000/x:latest"},
                                                       {"[::1]/x:y", "[::1]/x:y"},
                                                       {"GHCR.io/acme/api", "GHCR.io/acme/api:latest"},
                                                       {"r.io/a__b/c--d/e.f_g", "r.io/a__b/c--d/e.f_g:latest"},
                                                       {"oci:images", "oci:images"},
                                                       {"oci:images:v1.2.3", "oci:images:v1.2.3"},
                                                       {"oci:/srv/a:b/images:v1", "oci:/srv/a:b/images:v1"},
                                                       {"oci:../images@" + bits, "oci:../images@" + bits},
                                                       {"oci:images:v1@" + bits, "oci:images:v1@" + bits},
                                                       {"oci:a@b/images", "oci:a@b/images"}};
  for (const auto& [text, full] : cases) {
    CAPTURE(text);
    const ImageRef ref = must(ImageRef::parse(text));
    CHECK(ref.str() == full);
    CHECK(must(ImageRef::parse(full)) == ref);
    std::ostringstream out;
    out << ref;
    CHECK(out.str() == full);
  }
}

TEST_CASE("what is no reference is refused by its code") {
  for (const std::string& text : {std::string(),
                                  std::string("/x"),
                                  std::string("ghcr.io/"),
                                  std::string("ghcr.io/Acme/api"),
                                  std::string("ghcr.io//x"),
                                  std::string("ghcr.io/a/"),
                                  std::string("ghcr.io/-a"),
                                  std::string("ghcr.io/a-"),
                                  std::string("ghcr.io/a___b"),
                                  std::string("ghcr.io/a..b"),
                                  std::string("ghcr.io/a._b"),
                                  std::string("ghcr.io/a b"),
                                  std::string("gh_cr.io/a"),
                                  std::string("host:x/a"),
                                  std::string("host:0/a"),
                                  std::string("host:65536/a"),
                                  std::string("host:/a"),
                                  std::string("[::1/a.b"),
                                  std::string("[::1]x:1/a"),
                                  std::string("[]:1/a"),
                                  std::string("a.b:1:2/x"),
                                  std::string("https://ghcr.io/x"),
                                  "x@sha512:" + std::string(128, '1'),
                                  std::string("x@"),
                                  "x@" + bits + "@" + bits,
                                  std::string("x\n"),
                                  std::string("oci:"),
                                  std::string("oci::v1"),
                                  std::string("oci:a\nb"),
                                  std::string("oci:\xFF"),
                                  "ghcr.io/" + std::string(256, 'a'),
                                  "x@" + bits.substr(0, 70)}) {
    CAPTURE(text);
    CHECK(code_of(ImageRef::parse(text)) == "bad_request");
  }
  for (const std::string& text :
       {std::string("x:"), std::string("x:a+b"), std::string("x:-a"), "x:" + std::string(129, 'a'),
        std::string("oci:images:"), std::string("oci:images:a b")}) {
    CAPTURE(text);
    CHECK(code_of(ImageRef::parse(text)) == "bad_tag");
  }
}

TEST_CASE("a repository has no tag and no digest") {
  CHECK(must(ImageRepo::parse("ghcr.io/acme/api")).str() == "ghcr.io/acme/api");
  for (const std::string& text :
       {std::string("ghcr.io/acme/api:v1"), "ghcr.io/acme/api@" + bits, std::string("oci:images:v1")}) {
    const auto repo = ImageRepo::parse(text);
    REQUIRE_FALSE(repo);
    CHECK(repo.error().message.find("does not belong here") != std::string::npos);
  }
}

TEST_CASE("a relative layout is taken from a folder, and nothing else is moved") {
  CHECK(must(ImageRepo::parse("oci:images")).relative_to("/srv/gitops").str() == "oci:/srv/gitops/images");
  CHECK(must(ImageRepo::parse("oci:/images")).relative_to("/srv/gitops").str() == "oci:/images");
  CHECK(must(ImageRepo::parse("ghcr.io/a")).relative_to("/srv").str() == "ghcr.io/a");
  CHECK(must(ImageRepo::parse("oci:images")).is_layout());
  std::ostringstream out;
  out << must(ImageRepo::parse("nginx"));
  CHECK(out.str() == "docker.io/library/nginx");
}

TEST_CASE("a path in a repository is relative, with plain segments") {
  for (const char* text : {"a", "values/prod/api.yaml", ".github/x", "a b/c", "git", ".gitignore", ".gitmodules",
                           "a.git", "x.git/y", "git~2", "..a", "a..", "J\xC3\xB6rg.yaml", ".git-x", "a:b"}) {
    std::ostringstream out;
    out << path(text);
    CHECK(out.str() == text);
  }
  const std::string_view bad[] = {"",     "/",    "/a",    "a/",   "a//b",  ".",         "..",   "a/./b",    "a/../b",
                                  "../a", "a\\b", "..\\a", "a\nb", "a\x7f", "a\xC2\x85", "\xFF", "a\xC0\xAE"};
  for (const std::string_view text : bad) {
    CAPTURE(text);
    CHECK(code_of(RepoPath::parse(text)) == "bad_path");
  }
  CHECK(code_of(RepoPath::parse(std::string_view("a\0b", 3))) == "bad_path");
  CHECK(code_of(RepoPath::parse(std::string(4096, 'a'))) == "none");
  CHECK(code_of(RepoPath::parse(std::string(4097, 'a'))) == "bad_path");
}

TEST_CASE("the folder of Git is refused in every disguise") {
  const char* disguises[] = {".git",
                             ".GIT",
                             ".Git/config",
                             "a/.gIt",
                             "git~1",
                             "GIT~1",
                             ".git ",
                             ".git.",
                             ".git. . ",
                             ".git::$INDEX_ALLOCATION",
                             ".git:x",
                             ".git .:x",
                             "git~1.",
                             "git~1:x",
                             ".g\xE2\x80\x8Cit",
                             "\xE2\x80\x8D.git",
                             ".git\xEF\xBB\xBF",
                             ".gi\xE2\x80\x8Et",
                             ".\xE2\x80\x8Fgit",
                             ".git\xE2\x80\xAA",
                             ".g\xE2\x80\xAEit",
                             ".g\xE2\x81\xAAit",
                             ".g\xE2\x81\xABit",
                             ".g\xE2\x81\xAC\xE2\x81\xADit",
                             ".g\xE2\x81\xAEi\xE2\x81\xAFt",
                             "x/.G\xE2\x80\x8CIT./y"};
  for (const char* text : disguises) {
    CAPTURE(text);
    CHECK(code_of(RepoPath::parse(text)) == "bad_path");
  }
}

TEST_CASE("paths are ordered by their bytes") {
  CHECK(path("a/b") < path("a0"));
  CHECK(path("a") == path("a"));
}

}  // namespace samebits::test
