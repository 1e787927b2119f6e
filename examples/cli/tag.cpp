#include <sstream>

#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {

std::string to_text(const ImageTag& tag) {
  std::string out = fmt::format("tag      {}\ntrack    {}\n", tag.str(), to_string(tag.track()));
  if (tag.number() > 0) out += fmt::format("number   {}\n", tag.number());
  if (tag.commit()) out += fmt::format("commit   {}\n", tag.commit()->str());
  if (tag.version()) out += fmt::format("version  {}\n", tag.version()->str());
  return out;
}

std::string to_text(const std::vector<ImageTag>& tags) {
  std::string out;
  for (const ImageTag& tag : tags) out += tag.str() + "\n";
  return out;
}

namespace {

int sort_lines(const Session& session) {
  const auto input = read_input("-");
  if (!input) return fail(session, input.error());
  TagSortRequest request;
  std::istringstream lines(*input);
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) request.tags.push_back(line);
  return answer(session, sort_tags(request));
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
      const auto made = format_tag(parts->request);
      if (!made || session.json()) return answer(session, made);
      print(made->str() + "\n");
      return 0;
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
      [&session, &run, text] { run = [&session, text] { return answer(session, parse_tag({.tag = *text})); }; });
  tag->add_subcommand("sort", "sort tags from standard input, one a line, oldest first")->callback([&session, &run] {
    run = [&session] { return sort_lines(session); };
  });
  add_format(*tag, session, run);
}

}  // namespace samebits::cli
