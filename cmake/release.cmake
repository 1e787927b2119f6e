# What the quickstart, the benchmarks and an installation build: cmake -S . -B build/release -C cmake/release.cmake
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "")
find_program(SAMEBITS_CCACHE ccache)
if(SAMEBITS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${SAMEBITS_CCACHE}" CACHE STRING "")
  set(CMAKE_C_COMPILER_LAUNCHER "${SAMEBITS_CCACHE}" CACHE STRING "")
endif()
