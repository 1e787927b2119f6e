// Changes one value of a YAML file and not one other byte.
//
// usage: edit_value FILE PATH VALUE      such as: edit_value values.yaml image.tag v1.2.3
#include <fstream>
#include <iostream>
#include <iterator>

#include <samebits/samebits.hpp>

namespace {

int fail(const samebits::Error& error) {
  std::cerr << error << '\n';
  return static_cast<int>(error.kind());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: edit_value FILE PATH VALUE\n";
    return 2;
  }
  const std::string file = argv[1];
  std::ifstream stream(file, std::ios::binary);
  const std::string before{std::istreambuf_iterator<char>(stream), {}};

  const auto path = samebits::ValuePath::parse(argv[2]);
  if (!path) return fail(path.error());
  const std::vector<samebits::ValuesEdit> edits = {{.path = *path, .value = {.text = argv[3]}}};
  const auto edited = samebits::edit_values(before, edits, {.file = file});
  if (!edited) return fail(edited.error());  // says where in the file, and why; nothing was written

  if (const auto written = samebits::write_local_file(file, edited->bytes); !written) return fail(written.error());
  std::cout << samebits::diff_of(file, before, edited->bytes);
  return 0;
}
