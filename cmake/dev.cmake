# What developers and CI build: cmake -S . -B build/dev -C cmake/dev.cmake
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON CACHE BOOL "")
set(CMAKE_CXX_FLAGS "-fpch-preprocess -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror" CACHE STRING "")
set(CMAKE_C_FLAGS "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror" CACHE STRING "")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1" CACHE STRING "")
include(${CMAKE_CURRENT_LIST_DIR}/ccache.cmake)
