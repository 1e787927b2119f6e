# Defines samebits_linked, where this machine has the archives for it: what a program adds that runs for milliseconds.
# It has libgit2 and the hashes of OpenSSL in itself then, instead of loading them and the twelve libraries that Debian's
# libgit2 is linked to: 4.5 ms and 500 page faults of each command that is given a repository.
cmake_path(GET LIBGIT2_LIBRARY PARENT_PATH beside)
foreach(archive git2 http_parser mbedcrypto pcre2-8 crypto)
  find_library(SAMEBITS_ARCHIVE_${archive} lib${archive}.a HINTS ${beside})
  mark_as_advanced(SAMEBITS_ARCHIVE_${archive})
  list(APPEND archives ${SAMEBITS_ARCHIVE_${archive}})
endforeach()

# Which functions are in the way depends on how libgit2 was built: only a linker knows.
if(NOT DEFINED SAMEBITS_LINKS_ARCHIVES AND NOT archives MATCHES NOTFOUND)
  try_compile(SAMEBITS_LINKS_ARCHIVES ${PROJECT_BINARY_DIR}/linked
              SOURCES ${PROJECT_SOURCE_DIR}/cmake/linked_main.cpp ${PROJECT_SOURCE_DIR}/lib/git/linked_libgit2.cpp
                      ${PROJECT_SOURCE_DIR}/lib/crypto/linked_sha.cpp
              CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${PROJECT_SOURCE_DIR}/lib;${PROJECT_SOURCE_DIR}/include;${LIBGIT2_INCLUDE_DIR};${OPENSSL_INCLUDE_DIR}"
              LINK_LIBRARIES ${archives} ZLIB::ZLIB
              CXX_STANDARD 20)
endif()
if(SAMEBITS_LINKS_ARCHIVES)
  add_library(samebits_linked OBJECT git/linked_libgit2.cpp crypto/linked_sha.cpp)
  target_include_directories(samebits_linked PRIVATE $<TARGET_PROPERTY:samebits,INCLUDE_DIRECTORIES>)
  target_link_libraries(samebits_linked INTERFACE ${archives} ZLIB::ZLIB)
endif()
