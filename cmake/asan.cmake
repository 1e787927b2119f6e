# AddressSanitizer and UndefinedBehaviorSanitizer: cmake -S . -B build/asan -C cmake/asan.cmake
include(${CMAKE_CURRENT_LIST_DIR}/dev.cmake)
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS "${CMAKE_${language}_FLAGS} -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
      CACHE STRING "" FORCE)
endforeach()
# Under these sanitizers gcc 12 takes the empty optionals of std for values that are read before they are set.
set(CMAKE_CXX_FLAGS "${CMAKE_CXX_FLAGS} -Wno-maybe-uninitialized" CACHE STRING "" FORCE)
set(SAMEBITS_SANITIZER address CACHE STRING "")
