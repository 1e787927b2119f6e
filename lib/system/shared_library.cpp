#include "system/shared_library.hpp"

#include <dlfcn.h>

namespace samebits {

SharedLibrary::SharedLibrary(const char* file_name) : handle_(::dlopen(file_name, RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ == nullptr) failure_ = ::dlerror();
}

void* SharedLibrary::address_of(const char* name) {
  if (handle_ == nullptr) return nullptr;
  void* address = ::dlsym(handle_, name);
  if (address == nullptr && failure_.empty()) failure_ = ::dlerror();
  return address;
}

}  // namespace samebits
