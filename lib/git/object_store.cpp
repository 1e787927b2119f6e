#include "git/object_store.hpp"

#include "core/try.hpp"

namespace samebits::git {

/// libgit2 sees `base` and gives it back; it owns this, and the store outlives it.
struct StoreBackend {
  git_odb_backend base;
  ObjectStore* store;

  static ObjectStore& store_of(git_odb_backend* backend) { return *reinterpret_cast<StoreBackend*>(backend)->store; }

  static int read(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) {
    const StoredObject* found = store_of(backend).find(*id);
    if (found == nullptr) return GIT_ENOTFOUND;
    void* copy = libgit2().odb_backend_data_alloc(backend, found->bytes.size() + 1);
    if (copy == nullptr) return GIT_ERROR;
    std::memcpy(copy, found->bytes.c_str(), found->bytes.size() + 1);
    *data = copy;
    *size = found->bytes.size();
    *type = found->type;
    return 0;
  }
  static int read_header(std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) {
    const StoredObject* found = store_of(backend).find(*id);
    if (found == nullptr) return GIT_ENOTFOUND;
    *size = found->bytes.size();
    *type = found->type;
    return 0;
  }
  static int exists(git_odb_backend* backend, const git_oid* id) { return store_of(backend).has(*id) ? 1 : 0; }
  static int write(git_odb_backend* backend, const git_oid* id, const void* data, std::size_t size,
                   git_object_t type) try {
    ObjectStore& store = store_of(backend);
    store.put(*id, type, std::string(static_cast<const char*>(data), size));
    store.written_.push_back(*id);
    return 0;
  } catch (const std::bad_alloc&) {
    return GIT_ERROR;
  }
  static void free(git_odb_backend* backend) { delete reinterpret_cast<StoreBackend*>(backend); }
};

namespace {

Error no_memory() { return Error{.code = ErrorCode::out_of_memory, .message = "no memory left"}; }

}  // namespace

Result<std::unique_ptr<ObjectStore>> ObjectStore::open(std::string_view location) {
  std::unique_ptr<ObjectStore> store(new ObjectStore());
  OdbHandle odb;
  SB_CHECK(load_libgit2());
  if (libgit2().odb_new(out(odb)) < 0) return no_memory();
  auto backend = std::make_unique<StoreBackend>();
  if (libgit2().odb_init_backend(&backend->base, GIT_ODB_BACKEND_VERSION) < 0) return no_memory();
  backend->base.read = &StoreBackend::read;
  backend->base.read_header = &StoreBackend::read_header;
  backend->base.exists = &StoreBackend::exists;
  backend->base.write = &StoreBackend::write;
  backend->base.free = &StoreBackend::free;
  backend->store = store.get();
  if (libgit2().odb_add_backend(odb.get(), &backend->base, 1) < 0) return no_memory();
  static_cast<void>(backend.release());
  SB_TRY(store->repository_, Repository::over(location, *odb));
  return store;
}

const StoredObject* ObjectStore::find(const git_oid& id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : &found->second;
}

Result<git_oid> ObjectStore::put(git_object_t type, std::string bytes) {
  git_oid id;
  if (libgit2().odb_hash(&id, bytes.data(), bytes.size(), type) < 0) return no_memory();
  put(id, type, std::move(bytes));
  return id;
}

void ObjectStore::put(const git_oid& id, git_object_t type, std::string bytes) {
  const std::size_t size = bytes.size();
  if (objects_.try_emplace(id, StoredObject{.type = type, .bytes = std::move(bytes)}).second) bytes_ += size;
}

std::vector<git_oid> ObjectStore::take_written() { return std::exchange(written_, {}); }

}  // namespace samebits::git
