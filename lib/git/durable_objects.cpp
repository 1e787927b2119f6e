#include "git/durable_objects.hpp"

#include <cstring>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "crypto/sha1.hpp"
#include "git/git_error.hpp"
#include "system/files.hpp"
#include "system/new_files.hpp"

namespace samebits::git {

namespace {

Error no_memory() { return Error{.code = ErrorCode::out_of_memory, .message = "no memory left"}; }

std::string path_of(const git_oid& id) {
  std::string path(GIT_OID_HEXSZ + 1, '\0');
  libgit2().oid_pathfmt(path.data(), &id);
  return path;
}

}  // namespace

/// What libgit2 sees. `base` is first, so that it can be found from there.
struct DurableBackend {
  git_odb_backend base{};
  DurableObjects objects;

  static DurableObjects& of(git_odb_backend* backend) { return reinterpret_cast<DurableBackend*>(backend)->objects; }

  static int read(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) try {
    if (const auto* found = of(backend).find(*id)) return give(*found->bytes, found->type, data, size, type, backend);
    const auto file = of(backend).take_looked_at(*id);
    // What cannot be read is left to libgit2, which says why.
    if (!file) return GIT_ENOTFOUND;
    // Its own reader writes past the end of its memory where the file says that the object is smaller than it is
    // (libgit2 1.5.1, read_loose_standard).
    const auto object = inflate_loose(*file);
    if (object) return give(object->bytes, object->type, data, size, type, backend);
    libgit2().error_set_str(GIT_ERROR_ODB, "the file of the object does not hold what it says");
    return GIT_ERROR;
  } catch (const std::bad_alloc&) {
    libgit2().error_set_oom();
    return GIT_ERROR;
  }

  static int give(const std::string& bytes, git_object_t kind, void** data, std::size_t* size, git_object_t* type,
                  git_odb_backend* backend) {
    // libgit2 reads texts up to a zero byte behind them.
    *data = libgit2().odb_backend_data_alloc(backend, bytes.size() + 1);
    if (*data == nullptr) return GIT_ERROR;
    std::memcpy(*data, bytes.c_str(), bytes.size() + 1);
    *size = bytes.size();
    *type = kind;
    return 0;
  }

  /// Whoever asks for it most often reads the object next.
  static int read_header(std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) try {
    if (const auto* found = of(backend).find(*id)) {
      *size = found->bytes->size();
      *type = found->type;
      return 0;
    }
    const auto header = of(backend).look_at(*id);
    if (!header) return GIT_ENOTFOUND;
    *size = header->size;
    *type = header->type;
    return 0;
  } catch (const std::bad_alloc&) {
    libgit2().error_set_oom();
    return GIT_ERROR;
  }

  static int exists(git_odb_backend* backend, const git_oid* id) { return of(backend).find(*id) == nullptr ? 0 : 1; }

  static int write(git_odb_backend* backend, const git_oid* id, const void* data, std::size_t size,
                   git_object_t type) try {
    of(backend).waiting_[*id] = {.type = type, .bytes = std::string(static_cast<const char*>(data), size)};
    return 0;
  } catch (const std::bad_alloc&) {
    return GIT_ERROR;
  }

  /// Asked for each object that is about to be written; 0: it is here.
  static int freshen(git_odb_backend* backend, const git_oid* id) try {
    return of(backend).waiting_.try_emplace(*id).first->second.bytes ? 0 : GIT_ENOTFOUND;
  } catch (const std::bad_alloc&) {
    return GIT_ENOTFOUND;
  }

  static void free(git_odb_backend* backend) { delete reinterpret_cast<DurableBackend*>(backend); }
};

Result<DurableObjects*> DurableObjects::attach(git_repository& repository, std::string_view location) {
  OdbHandle odb;
  if (const int status = libgit2().repository_odb(out(odb), &repository); status < 0)
    return git_error_of(status, location, "the object database");
  git_buf folder{};
  if (const int status = libgit2().repository_item_path(&folder, &repository, GIT_REPOSITORY_ITEM_OBJECTS); status < 0)
    return git_error_of(status, location, "the folder of objects");
  std::unique_ptr<DurableBackend> backend(
      new DurableBackend{.base = {}, .objects = DurableObjects(folder.ptr, location)});
  libgit2().buf_dispose(&folder);
  if (libgit2().odb_init_backend(&backend->base, GIT_ODB_BACKEND_VERSION) < 0) return no_memory();
  backend->base.read = &DurableBackend::read;
  backend->base.read_header = &DurableBackend::read_header;
  backend->base.exists = &DurableBackend::exists;
  backend->base.write = &DurableBackend::write;
  backend->base.freshen = &DurableBackend::freshen;
  backend->base.free = &DurableBackend::free;
  constexpr int before_libgit2s = 10;
  if (libgit2().odb_add_backend(odb.get(), &backend->base, before_libgit2s) < 0) return no_memory();
  return &backend.release()->objects;
}

std::optional<git_oid> DurableObjects::add(git_odb& odb, git_object_t type, std::string& bytes) {
  const std::string hash = sha1_bytes(loose_header_of(type, bytes.size()), bytes);
  git_oid id;
  libgit2().oid_fromraw(&id, reinterpret_cast<const unsigned char*>(hash.data()));
  if (libgit2().odb_exists(&odb, &id) == 1) return std::nullopt;
  waiting_[id] = {.type = type, .bytes = std::move(bytes)};
  return id;
}

const DurableObjects::Object* DurableObjects::find(const git_oid& id) const {
  const auto found = waiting_.find(id);
  return found == waiting_.end() || !found->second.bytes ? nullptr : &found->second;
}

std::optional<LooseHeader> DurableObjects::look_at(const git_oid& id) {
  // Larger ones are read in parts, by libgit2.
  constexpr std::size_t largest = std::size_t{64} << 10;
  auto file = read_file(folder_ + path_of(id), largest);
  if (!file || !*file) return std::nullopt;
  auto header = loose_header(**file);
  if (header) looked_at_.emplace(id, **std::move(file));
  return header;
}

std::optional<std::string> DurableObjects::take_looked_at(const git_oid& id) {
  auto known = std::exchange(looked_at_, std::nullopt);
  if (known && libgit2().oid_equal(&known->first, &id) != 0) return std::move(known->second);
  auto file = read_file(folder_ + path_of(id));
  return file ? *std::move(file) : std::nullopt;
}

Result<void> DurableObjects::write() {
  std::vector<NewFile> files;
  LooseDeflater deflater;
  for (const auto& [id, object] : waiting_) {
    NewFile file{.path = path_of(id), .bytes = {}};
    if (object.bytes) {
      SB_TRY(file.bytes, deflater.deflate(object.type, *object.bytes));
    }
    files.push_back(std::move(file));
  }
  // `git prune` and `git gc` remove what a killed process leaves under names of this kind.
  if (auto written = create_files(folder_, files, "tmp_obj_"); !written) {
    Error error = std::move(written).error();
    error.remote = location_;
    return error;
  }
  waiting_.clear();
  return {};
}

}  // namespace samebits::git
