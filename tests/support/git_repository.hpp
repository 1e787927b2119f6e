#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace samebits::test {

/// A repository that the real git program made.
class GitRepository {
 public:
  /// Without a work tree; HEAD names `main`, which has no commit.
  static GitRepository bare(const std::filesystem::path& folder);
  /// With a work tree that is on `main`, which has no commit.
  static GitRepository with_work_tree(const std::filesystem::path& folder);
  /// One that is there already.
  static GitRepository existing(const std::filesystem::path& folder) { return GitRepository(folder); }

  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::string location() const { return folder_.string(); }
  /// Runs `git -C FOLDER ARGUMENTS` through the shell and gives its standard output without the last line break.
  /// Throws where git ends with another status than 0.
  std::string git(std::string_view arguments) const;
  /// Writes the file into the work tree.
  void write(std::string_view path, std::string_view bytes) const;
  /// Commits all of the work tree and gives the commit's id.
  std::string commit_all(std::string_view message) const;
  /// What `git fsck --strict` says of it, notices apart; empty where it is healthy.
  std::string fsck() const;

 private:
  explicit GitRepository(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path folder_;
};

}  // namespace samebits::test
