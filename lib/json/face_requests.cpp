#include "json/request_reader.hpp"

namespace samebits {

Result<InitFolderRequest> parse_init_request(std::string_view json) {
  return read_request<InitFolderRequest>(json, [](RequestReader& reader, InitFolderRequest& request) {
    reader.required("dir", request.folder)
        .required("service", request.init.service)
        .required("image", request.init.image)
        .required("source", request.init.source)
        .flag("dryRun", request.init.dry_run);
  });
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
  return read_request<ImageShowRequest>(json, [](RequestReader& reader, ImageShowRequest& request) {
    reader.required("ref", request.ref).timeout(request.timeout);
  });
}

Result<ImageTagRequest> parse_image_tag_request(std::string_view json) {
  return read_request<ImageTagRequest>(json, [](RequestReader& reader, ImageTagRequest& request) {
    reader.required("source", request.source)
        .required("tag", request.tag)
        .flag("dryRun", request.dry_run)
        .timeout(request.timeout);
  });
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
  return read_request<TagParseRequest>(
      json, [](RequestReader& reader, TagParseRequest& request) { reader.required("tag", request.tag); });
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
  return read_request<TagSortRequest>(
      json, [](RequestReader& reader, TagSortRequest& request) { reader.texts("tags", request.tags); });
}

}  // namespace samebits
