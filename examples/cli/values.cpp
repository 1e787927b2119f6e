#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "output.hpp"

namespace samebits::cli {
namespace {

/// What `values` commands are given.
struct ValuesOptions {
  std::string file;
  /// More files, edited alike.
  std::vector<std::string> more = {};
  std::vector<std::string> arguments = {};
  std::string document;
  bool create = false;
  bool through_anchor = false;
  bool null = false;

  EditOptions edit_options() const { return {.file = file, .through_anchor = through_anchor, .document = document}; }
};

Result<std::vector<ValuesEdit>> edits_of(const ValuesOptions& options, ValuesEdit::Action action) {
  std::vector<ValuesEdit> edits;
  for (const std::string& argument : options.arguments) {
    if (action == ValuesEdit::Action::remove) {
      auto path = ValuePath::parse(argument);
      if (!path) return std::move(path).error();
      edits.push_back({.action = action, .path = *std::move(path)});
      continue;
    }
    auto edit = parse_assignment(argument, action);
    if (!edit) return std::move(edit).error();
    edits.push_back(*std::move(edit));
  }
  return edits;
}

/// Takes away the blank that kept CLI11 from taking a path for a list.
void unwrap(std::vector<std::string>& arguments) {
  for (std::string& argument : arguments)
    if (argument.starts_with(" [")) argument.erase(0, 1);
}

/// One file of a call, edited and not yet written.
struct EditedFile {
  std::string name;
  std::string before;
  EditedValues edited;
  std::string diff;
};

/// All files, before any is written: a refusal in one leaves all as they were.
Result<std::vector<EditedFile>> edit_files(const ValuesOptions& options, const std::vector<ValuesEdit>& edits) {
  std::vector<std::string> names = {options.file};
  names.insert(names.end(), options.more.begin(), options.more.end());
  std::vector<EditedFile> files;
  std::set<std::filesystem::path> seen;
  for (const std::string& name : names) {
    std::error_code ignored;
    if (!seen.insert(std::filesystem::weakly_canonical(name, ignored)).second)
      return Error{.code = ErrorCode::bad_option,
                   .message = fmt::format("the file '{}' is named twice", name),
                   .hint = "name each file once"};
    if (names.size() > 1 && name == "-")
      return Error{.code = ErrorCode::bad_option,
                   .message = "standard input is one of several files",
                   .hint = "give it alone, as FILE -"};
    auto bytes = read_input(name);
    if (!bytes) return std::move(bytes).error();
    EditOptions wanted = options.edit_options();
    wanted.file = name;
    auto edited = edit_values(*bytes, edits, wanted);
    if (!edited) return std::move(edited).error();
    std::string diff = diff_of(name, *bytes, edited->bytes);
    files.push_back({name, *std::move(bytes), *std::move(edited), std::move(diff)});
  }
  return files;
}

Result<void> write_files(const std::vector<EditedFile>& files) {
  std::vector<LocalFileChange> changes;
  for (const EditedFile& file : files)
    if (file.edited.bytes != file.before)
      changes.push_back({.path = file.name, .before = file.before, .after = file.edited.bytes});
  return replace_local_files(changes);
}

int edit(const Session& session, const ValuesOptions& options, ValuesEdit::Action action) {
  const auto edits = edits_of(options, action);
  if (!edits) return fail(session, edits.error());
  const auto files = edit_files(options, *edits);
  if (!files) return fail(session, files.error());
  const bool to_output = options.file == "-";
  if (!session.dry_run() && !to_output)
    if (const auto written = write_files(*files); !written) return fail(session, written.error());
  std::string documents;
  for (const EditedFile& file : *files) {
    if (session.json()) {
      documents += (documents.empty() ? "" : ",") + to_json(file.edited, file.name, file.diff);
    } else if (to_output && !session.dry_run()) {
      std::cout << file.edited.bytes;
    } else if (!session.quiet()) {
      std::cout << file.diff;
    }
  }
  // Several files are one document that holds theirs.
  if (session.json())
    std::cout << (files->size() == 1 ? documents
                                     : R"({"apiVersion":"samebits/v1","kind":"Edits","files":[)" + documents + "]}")
              << '\n';
  return 0;
}

int get(const Session& session, const ValuesOptions& options) {
  const auto bytes = read_input(options.file);
  if (!bytes) return fail(session, bytes.error());
  ValuesGetRequest request{.file = options.file, .paths = {}, .document = options.document};
  for (const std::string& argument : options.arguments) {
    auto path = ValuePath::parse(argument);
    if (!path) return fail(session, path.error());
    request.paths.push_back(*std::move(path));
  }
  const auto found = get_values(*bytes, request);
  if (!found) return fail(session, found.error());
  if (session.json()) {
    std::cout << to_json(*found, options.file) << '\n';
    return 0;
  }
  for (const FoundValue& value : *found) std::cout << value.text << (options.null ? '\0' : '\n');
  return 0;
}

void add_edit(CLI::App& values, const Session& session, Run& run, const char* name, const char* description,
              const char* arguments, ValuesEdit::Action action) {
  auto* command = values.add_subcommand(name, description);
  auto options = std::make_shared<ValuesOptions>();
  command->add_option("file", options->file, "YAML file; - is standard input to standard output")->required();
  command->add_option("edits", options->arguments, arguments)->required();
  command->add_option("--file", options->more, "another file to edit alike; may be given several times")
      ->allow_extra_args(false);
  command->add_option("--document", options->document, "which document: N from 0, or KIND/NAME");
  command->add_flag("--through-anchor", options->through_anchor, "also where aliases see the value");
  if (action == ValuesEdit::Action::set) command->add_flag("--create", options->create, "insert keys that are missing");
  command->callback([&session, &run, options, action] {
    run = [&session, options, action] {
      unwrap(options->arguments);
      return edit(session, *options, options->create ? ValuesEdit::Action::set_or_insert : action);
    };
  });
}

}  // namespace

void add_values(CLI::App& app, const Session& session, Run& run) {
  auto* values =
      app.add_subcommand("values", "read and edit YAML without changing another byte: get, set, delete, append");
  values->require_subcommand(1);
  values->fallthrough();
  auto* command = values->add_subcommand("get", "print values, one a line");
  auto options = std::make_shared<ValuesOptions>();
  command->add_option("file", options->file, "YAML file; - is standard input")->required();
  command->add_option("paths", options->arguments, "such as image.tag, images[name=web].newTag")->required();
  command->add_option("--document", options->document, "which document: N from 0, or KIND/NAME");
  command->add_flag("--null", options->null, "separate by NUL instead of line breaks");
  command->callback([&session, &run, options] {
    run = [&session, options] {
      unwrap(options->arguments);
      return get(session, *options);
    };
  });
  add_edit(*values, session, run, "set", "set values", "PATH=TEXT or PATH:=JSON", ValuesEdit::Action::set);
  add_edit(*values, session, run, "delete", "remove keys or items", "paths", ValuesEdit::Action::remove);
  add_edit(*values, session, run, "append", "add items to lists", "PATH=TEXT or PATH:=JSON",
           ValuesEdit::Action::append);
}

}  // namespace samebits::cli
