# Compiles through ccache where it is installed, so that a fresh clone in another folder finds what was compiled before:
# paths count from the top, the folder itself does not count, and neither do the time stamps of precompiled headers.
find_program(SAMEBITS_CCACHE ccache)
if(SAMEBITS_CCACHE)
  foreach(language C CXX)
    set(CMAKE_${language}_COMPILER_LAUNCHER
        "env;CCACHE_BASEDIR=${CMAKE_SOURCE_DIR};CCACHE_NOHASHDIR=1;CCACHE_SLOPPINESS=pch_defines,time_macros;${SAMEBITS_CCACHE}"
        CACHE STRING "")
  endforeach()
endif()
