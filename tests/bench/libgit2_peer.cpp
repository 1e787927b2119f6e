// What a program on libgit2 does for one commit of two files: a bare clone, the commit in the object database, a push.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <git2.h>

namespace {

void require(int status, const char* what) {
  if (status >= 0) return;
  const git_error* last = git_error_last();
  std::fprintf(stderr, "%s: %s\n", what, last == nullptr ? "no reason given" : last->message);
  std::exit(1);
}

git_tree_update written(git_repository* repository, const char* path, const std::string& bytes) {
  git_tree_update update{};
  update.action = GIT_TREE_UPDATE_UPSERT;
  update.filemode = GIT_FILEMODE_BLOB;
  update.path = path;
  require(git_blob_create_from_buffer(&update.id, repository, bytes.data(), bytes.size()), "blob");
  return update;
}

std::string with_tag(git_repository* repository, git_tree* tree, const char* path, const std::string& tag) {
  git_tree_entry* entry = nullptr;
  require(git_tree_entry_bypath(&entry, tree, path), path);
  git_blob* blob = nullptr;
  require(git_blob_lookup(&blob, repository, git_tree_entry_id(entry)), path);
  std::string text(static_cast<const char*>(git_blob_rawcontent(blob)),
                   static_cast<std::size_t>(git_blob_rawsize(blob)));
  const auto at = text.find("\n  tag: ") + 8;
  text.replace(at, text.find('\n', at) - at, tag);
  git_blob_free(blob);
  git_tree_entry_free(entry);
  return text;
}

}  // namespace

/// What a peer leaks as it ends is no finding about us.
extern "C" int __lsan_is_turned_off() { return 1; }

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::string tag = argv[3];
  git_libgit2_init();
  git_clone_options clone{};
  require(git_clone_options_init(&clone, GIT_CLONE_OPTIONS_VERSION), "options of a clone");
  clone.bare = 1;
  git_repository* repository = nullptr;
  require(git_clone(&repository, argv[1], argv[2], &clone), "clone");
  git_reference* head = nullptr;
  require(git_repository_head(&head, repository), "HEAD");
  git_commit* parent = nullptr;
  require(git_commit_lookup(&parent, repository, git_reference_target(head)), "tip");
  git_tree* base = nullptr;
  require(git_commit_tree(&base, parent), "tree");
  const char* const values = "values/preprod/service-demo.yaml";
  const git_tree_update updates[] = {
      written(repository, values, with_tag(repository, base, values, tag)),
      written(repository, ".samebits/preprod/peer.json", "{\"tag\": \"" + tag + "\"}\n")};
  git_oid tree_id;
  require(git_tree_create_updated(&tree_id, repository, base, 2, updates), "edit");
  git_tree* tree = nullptr;
  require(git_tree_lookup(&tree, repository, &tree_id), "tree");
  git_signature* by = nullptr;
  require(git_signature_now(&by, "Peer", "peer@example.com"), "signature");
  git_oid made;
  require(git_commit_create_v(&made, repository, "HEAD", by, by, nullptr, ("Promote " + tag).c_str(), tree, 1, parent),
          "commit");
  git_remote* remote = nullptr;
  require(git_remote_lookup(&remote, repository, "origin"), "origin");
  char* refspecs[] = {const_cast<char*>(git_reference_name(head))};
  const git_strarray pushed{refspecs, 1};
  require(git_remote_push(remote, &pushed, nullptr), "push");
  return 0;
}
