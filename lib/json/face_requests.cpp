#include "json/request_reader.hpp"

namespace samebits {

Result<InitFolderRequest> parse_init_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  InitFolderRequest request;
  SB_CHECK(reader.required("dir", request.folder)
               .required("service", request.init.service)
               .required("image", request.init.image)
               .required("source", request.init.source)
               .flag("dryRun", request.init.dry_run)
               .finish());
  return request;
}

Result<WaitRequest> parse_wait_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  WaitRequest request;
  std::string hold;
  SB_CHECK(reader.required("environment", request.environment)
               .texts("service", request.services)
               .text("for", hold)
               .flag("sync", request.sync)
               .timeout(request.timeout)
               .finish());
  if (!hold.empty()) {
    SB_TRY(request.hold, parse_hold(hold));
  }
  return request;
}

Result<std::chrono::milliseconds> parse_hold(std::string_view text) {
  if (text == "0" || text == "0s") return std::chrono::milliseconds(0);
  return parse_duration(text);
}

Result<ImageShowRequest> parse_image_show_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ImageShowRequest request;
  SB_CHECK(reader.required("ref", request.ref).timeout(request.timeout).finish());
  return request;
}

Result<ImageTagRequest> parse_image_tag_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ImageTagRequest request;
  SB_CHECK(reader.required("source", request.source)
               .required("tag", request.tag)
               .flag("dryRun", request.dry_run)
               .timeout(request.timeout)
               .finish());
  return request;
}

namespace {

Result<Track> read_track(std::string_view text) {
  if (const auto track = track_from(text)) return *track;
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("'{}' is no track", printable(text)),
               .hint = "pull-request, snapshot or release"};
}

}  // namespace

Result<ImageListRequest> parse_image_list_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  ImageListRequest request;
  std::string track;
  SB_CHECK(reader.required("repository", request.repository).text("track", track).timeout(request.timeout).finish());
  if (!track.empty()) {
    SB_TRY(request.track, read_track(track));
  }
  return request;
}

Result<TagParseRequest> parse_tag_parse_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  TagParseRequest request;
  SB_CHECK(reader.required("tag", request.tag).finish());
  return request;
}

Result<TagFormatRequest> parse_tag_format_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  TagFormatRequest request;
  std::string track;
  SB_CHECK(reader.required("track", track)
               .number("number", request.number)
               .text("sha", request.sha)
               .text("version", request.version)
               .finish());
  SB_TRY(request.track, read_track(track));
  return request;
}

Result<TagSortRequest> parse_tag_sort_request(std::string_view json) {
  SB_TRY(auto reader, RequestReader::open(json));
  TagSortRequest request;
  SB_CHECK(reader.texts("tags", request.tags).finish());
  return request;
}

}  // namespace samebits
