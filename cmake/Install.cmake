# What `cmake --install` puts under the prefix: bin/samebits, headers, both libraries, the packages of pkg-config and
# CMake, and man pages.
option(SAMEBITS_INSTALL "make samebits a part of `cmake --install`" ${PROJECT_IS_TOP_LEVEL})
if(NOT SAMEBITS_INSTALL)
  return()
endif()

include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/samebits)

set_target_properties(samebits_c PROPERTIES EXPORT_NAME c)
install(TARGETS samebits samebits_c EXPORT samebits-targets)
if(TARGET samebits_cli)
  install(TARGETS samebits_cli)
endif()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/samebits DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/capi/include/samebits.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT samebits-targets NAMESPACE samebits:: DESTINATION ${package})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/samebits-config.cmake.in ${PROJECT_BINARY_DIR}/samebits-config.cmake
                              INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/samebits-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/samebits-config.cmake ${PROJECT_BINARY_DIR}/samebits-config-version.cmake
        DESTINATION ${package})

# Found from where the file lies, so that the prefix can be moved.
file(RELATIVE_PATH to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(${CMAKE_CURRENT_LIST_DIR}/samebits.pc.in ${PROJECT_BINARY_DIR}/samebits.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/samebits.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

file(GLOB man_pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/examples/cli/man/*.1)
if(man_pages)
  install(FILES ${man_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
