#include "support/git_repository.hpp"

#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace samebits::test {
namespace {

/// Neither the machine's nor the user's configuration of git changes what a test sees.
constexpr const char* environment =
    "env GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com "
    "GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com LC_ALL=C ";

std::string run(const std::string& command) {
  std::FILE* pipe = ::popen((environment + command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell for: " + command);
  std::string said;
  std::array<char, 4096> part{};
  for (std::size_t size = 0; (size = std::fread(part.data(), 1, part.size(), pipe)) > 0;)
    said.append(part.data(), size);
  if (::pclose(pipe) != 0) throw std::runtime_error(command + ": " + said);
  while (said.ends_with('\n')) said.pop_back();
  return said;
}

}  // namespace

GitRepository GitRepository::bare(const std::filesystem::path& folder) {
  run("git init --quiet --bare --initial-branch=main '" + folder.string() + "'");
  return GitRepository(folder);
}

GitRepository GitRepository::with_work_tree(const std::filesystem::path& folder) {
  run("git init --quiet --initial-branch=main '" + folder.string() + "'");
  return GitRepository(folder);
}

std::string GitRepository::git(std::string_view arguments) const {
  return run("git -C '" + folder_.string() + "' " + std::string(arguments));
}

void GitRepository::write(std::string_view path, std::string_view bytes) const {
  const std::filesystem::path file = folder_ / path;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string GitRepository::commit_all(std::string_view message) const {
  git("add --all");
  git("commit --quiet --message '" + std::string(message) + "'");
  return git("rev-parse HEAD");
}

std::string GitRepository::fsck() const {
  return git("fsck --strict --full --no-dangling --no-progress 2>&1 | sed '/^notice: /d'");
}

}  // namespace samebits::test
