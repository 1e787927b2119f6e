# What the quickstart, the benchmarks and an installation build: cmake -S . -B build/release -C cmake/release.cmake
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_CXX_FLAGS "-fpch-preprocess -ffunction-sections -fdata-sections" CACHE STRING "")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG" CACHE STRING "")
include(${CMAKE_CURRENT_LIST_DIR}/ccache.cmake)
