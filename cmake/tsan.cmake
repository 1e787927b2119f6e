# ThreadSanitizer, for the concurrent tests: cmake -S . -B build/tsan -C cmake/tsan.cmake
include(${CMAKE_CURRENT_LIST_DIR}/dev.cmake)
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS "${CMAKE_${language}_FLAGS} -fsanitize=thread" CACHE STRING "" FORCE)
endforeach()
set(SAMEBITS_SANITIZER thread CACHE STRING "")
