#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {
namespace {

std::string to_text(const ImageTag& tag) {
  std::string out = fmt::format("tag      {}\ntrack    {}\n", tag.str(), to_string(tag.track()));
  if (tag.number() > 0) out += fmt::format("number   {}\n", tag.number());
  if (tag.commit()) out += fmt::format("commit   {}\n", tag.commit()->str());
  if (tag.version()) out += fmt::format("version  {}\n", tag.version()->str());
  return out;
}

int print(const Session& session, const Result<ImageTag>& tag, bool only_tag) {
  if (!tag) return fail(session, tag.error());
  std::cout << (session.json() ? to_json(*tag) + "\n" : only_tag ? tag->str() + "\n" : to_text(*tag));
  return 0;
}

int sort_lines(const Session& session) {
  TagSortRequest request;
  for (std::string line; std::getline(std::cin, line);)
    if (!line.empty()) request.tags.push_back(line);
  const auto tags = sort_tags(request);
  if (!tags) return fail(session, tags.error());
  for (const ImageTag& tag : *tags) std::cout << (session.json() ? to_json(tag) : tag.str()) << '\n';
  return 0;
}

void add_format(CLI::App& tag, const Session& session, Run& run) {
  auto* command = tag.add_subcommand("format", "make a tag: pull-request, snapshot or release");
  struct Parts {
    std::string track;
    TagFormatRequest request;
  };
  auto parts = std::make_shared<Parts>();
  command->add_option("track", parts->track, "pull-request, snapshot or release")
      ->required()
      ->check(CLI::IsMember({"pull-request", "snapshot", "release"}));
  command->add_option("--number", parts->request.number, "number of the pull request");
  command->add_option("--sha", parts->request.sha, "full commit id");
  command->add_option("--version", parts->request.version, "MAJOR.MINOR.PATCH");
  command->callback([&session, &run, parts] {
    run = [&session, parts] {
      parts->request.track = *track_from(parts->track);
      return print(session, format_tag(parts->request), true);
    };
  });
}

}  // namespace

void add_tag(CLI::App& app, const Session& session, Run& run) {
  auto* tag = app.add_subcommand("tag", "read and make image tags: parse, sort, format");
  tag->require_subcommand(1);
  tag->fallthrough();
  auto* parse = tag->add_subcommand("parse", "what a tag says");
  auto text = std::make_shared<std::string>();
  parse->add_option("tag", *text, "such as main-4f9d..., pr-42-4f9d..., v1.2.3")->required();
  parse->callback(
      [&session, &run, text] { run = [&session, text] { return print(session, parse_tag({.tag = *text}), false); }; });
  tag->add_subcommand("sort", "sort tags from standard input, one a line, oldest first")->callback([&session, &run] {
    run = [&session] { return sort_lines(session); };
  });
  add_format(*tag, session, run);
  tag->footer("Example:\n  samebits tag format snapshot --sha $(git rev-parse HEAD)");
}

}  // namespace samebits::cli
