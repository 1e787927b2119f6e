# libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer, clang only:
#   cmake -S . -B build/fuzz -G Ninja -C cmake/fuzz.cmake && cmake --build build/fuzz --target fuzz_values_edit
#   build/fuzz/tests/fuzz/fuzz_values_edit -max_total_time=600 FOUND tests/fuzz/corpus/values_edit
set(CMAKE_C_COMPILER clang-16 CACHE STRING "")
set(CMAKE_CXX_COMPILER clang++-16 CACHE STRING "")
set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1" CACHE STRING "")
# RapidJSON adds offsets to null pointers, which harms nobody and is no finding about us.
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS
      "-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=pointer-overflow -fno-sanitize-recover=all"
      CACHE STRING "")
endforeach()
set(SAMEBITS_FUZZER ON CACHE BOOL "")
include(${CMAKE_CURRENT_LIST_DIR}/ccache.cmake)
