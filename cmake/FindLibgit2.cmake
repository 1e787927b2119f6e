# Defines Libgit2::libgit2: Debian's libgit2-dev has a pkg-config file and no CMake package.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_LIBGIT2 QUIET libgit2)
endif()
find_path(LIBGIT2_INCLUDE_DIR git2.h HINTS ${PC_LIBGIT2_INCLUDE_DIRS})
find_library(LIBGIT2_LIBRARY git2 HINTS ${PC_LIBGIT2_LIBRARY_DIRS})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libgit2 REQUIRED_VARS LIBGIT2_LIBRARY LIBGIT2_INCLUDE_DIR
                                  VERSION_VAR PC_LIBGIT2_VERSION)
if(Libgit2_FOUND AND NOT TARGET Libgit2::libgit2)
  add_library(Libgit2::libgit2 UNKNOWN IMPORTED)
  set_target_properties(Libgit2::libgit2 PROPERTIES IMPORTED_LOCATION "${LIBGIT2_LIBRARY}"
                                                    INTERFACE_INCLUDE_DIRECTORIES "${LIBGIT2_INCLUDE_DIR}")
endif()
mark_as_advanced(LIBGIT2_INCLUDE_DIR LIBGIT2_LIBRARY)
