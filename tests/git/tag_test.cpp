#include <doctest/doctest.h>

#include <samebits/adapters.hpp>

#include "git/tag_object.hpp"
#include "support/git_repository.hpp"
#include "support/must.hpp"
#include "support/temp_folder.hpp"

namespace samebits::test {

TEST_CASE("the message of a tag ends where its signature begins") {
  const std::string pgp = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";
  const std::string ssh = "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n";
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"Release\n", "Release\n"},
      {"Release\n" + pgp, "Release\n"},
      {"Release\n\nDigest: x\n" + ssh, "Release\n\nDigest: x\n"},
      {"Release\n\n" + pgp + "and more\n" + ssh, "Release\n\n" + pgp + "and more\n"},
      {"It says -----BEGIN PGP SIGNATURE-----\n", "It says -----BEGIN PGP SIGNATURE-----\n"},
      {pgp, ""},
      {"No end", "No end"}};
  for (const auto& [whole, message] : cases) CHECK(git::unsigned_message(whole) == message);
}

TEST_CASE("a tag that Git signed is read without its signature, and one that is signed here is verified by Git") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "work");
  repository.write("file", "text\n");
  const CommitId commit = commit_id(repository.commit_all("First"));
  const std::string key = (folder.path() / "key").string();
  repository.git("config --local gpg.format ssh && ssh-keygen -q -t ed25519 -N '' -f " + key +
                 " && (printf 'ada@example.com ' && cat " + key + ".pub) >" + key + ".allowed");
  repository.git("config --local user.signingKey " + key);
  repository.git("config --local gpg.ssh.allowedSignersFile " + key + ".allowed");
  repository.git("tag -s -m 'By Git' v1.0.0");
  const auto source = open_local_source(repository.location(), {.format = SigningOptions::Format::ssh, .key = key});
  Context context;
  CHECK(must(source->find_tag(context, "v1.0.0"))->message == "By Git\n");
  must(source->create_tag(context, {.name = "v1.1.0",
                                    .commit = commit,
                                    .message = "By us",
                                    .tagger = {.name = "Ada", .mail = "ada@example.com"},
                                    .time = Time(std::chrono::seconds(1'790'000'000))}));
  CHECK(repository.git("verify-tag v1.1.0 2>&1").find("Good \"git\" signature for ada@example.com") !=
        std::string::npos);
  CHECK(must(source->find_tag(context, "v1.1.0"))->message == "By us\n");
  CHECK(must(source->list_tags(context)).size() == 2);
  CHECK(repository.fsck().empty());
}

TEST_CASE("where a tag cannot be signed none is made") {
  const TempFolder folder;
  const GitRepository repository = GitRepository::with_work_tree(folder.path() / "work");
  repository.write("file", "text\n");
  const CommitId commit = commit_id(repository.commit_all("First"));
  const auto source = open_local_source(
      repository.location(), {.format = SigningOptions::Format::ssh, .key = (folder.path() / "none").string()});
  Context context;
  CHECK(code_of(source->create_tag(context, {.name = "v1.1.0",
                                             .commit = commit,
                                             .message = "By us",
                                             .tagger = {.name = "Ada", .mail = "ada@example.com"},
                                             .time = Time(std::chrono::seconds(1'790'000'000))})) == "unauthenticated");
  CHECK(repository.git("tag").empty());
}

}  // namespace samebits::test
