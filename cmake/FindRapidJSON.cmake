# Defines RapidJSON::headers: Debian's package file sets variables and no target.
find_path(RAPIDJSON_INCLUDE_DIR rapidjson/rapidjson.h)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RapidJSON REQUIRED_VARS RAPIDJSON_INCLUDE_DIR)
if(RapidJSON_FOUND AND NOT TARGET RapidJSON::headers)
  add_library(RapidJSON::headers INTERFACE IMPORTED)
  target_include_directories(RapidJSON::headers SYSTEM INTERFACE "${RAPIDJSON_INCLUDE_DIR}")
endif()
mark_as_advanced(RAPIDJSON_INCLUDE_DIR)
