#pragma once

#include <string>

namespace samebits {

/// A library of this machine that is loaded when it is wanted, and stays. Linked, it and all that it needs itself would
/// be loaded at each start of each program, whatever that program does then: libcurl, libgit2 and OpenSSL are 5 ms.
class SharedLibrary {
 public:
  /// `file_name` is its soname, such as libcurl.so.4, looked for where those of linked libraries are.
  explicit SharedLibrary(const char* file_name);

  /// Sets the pointer to the function of that name.
  template <class Function>
  void find(Function*& function, const char* name) {
    // POSIX: what dlsym gives for a function is a pointer to it.
    function = reinterpret_cast<Function*>(address_of(name));
  }

  /// Why the library or one of its functions could not be had; empty where all could.
  const std::string& failure() const noexcept { return failure_; }

 private:
  void* address_of(const char* name);

  void* handle_;
  std::string failure_;
};

}  // namespace samebits
