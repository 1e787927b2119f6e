#include <algorithm>
#include <charconv>
#include <ostream>

#include <samebits/image_ref.hpp>
#include <samebits/image_tag.hpp>

#include "core/text.hpp"
#include "core/try.hpp"

namespace samebits {
namespace {

constexpr std::string_view layout_scheme = "oci:";

Error bad_reference(std::string_view text, std::string reason) {
  return Error{.code = ErrorCode::bad_request,
               .message = fmt::format("'{}' is no image reference: {}", printable(text), reason),
               .hint = "write HOST/REPOSITORY[:TAG][@DIGEST], or oci:FOLDER[:TAG]"};
}

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
bool is_path_component(std::string_view text) {
  if (text.empty() || !is_lower_alnum(text.front()) || !is_lower_alnum(text.back())) return false;
  for (std::size_t at = 0; at < text.size();) {
    if (is_lower_alnum(text[at])) {
      ++at;
      continue;
    }
    const auto end = static_cast<std::size_t>(
        std::find_if(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_lower_alnum) - text.begin());
    const std::string_view separator = text.substr(at, end - at);
    const bool dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (separator != "." && separator != "_" && separator != "__" && !dashes) return false;
    at = end;
  }
  return true;
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() && port > 0 && port <= 65535;
}

/// `name[:port]`, or an IPv6 address in brackets: `[::1]:5000`.
bool is_host(std::string_view text) {
  const bool bracket = text.starts_with('[');
  const auto end = std::min(bracket ? text.find(']') : text.find(':'), text.size());
  const std::string_view name = bracket ? text.substr(1, end - 1) : text.substr(0, end);
  std::string_view rest = text.substr(end);
  if (bracket && !rest.starts_with(']')) return false;
  if (bracket) rest.remove_prefix(1);
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1)))) return false;
  const auto is_legal = [&](char c) {
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z') || c == '.' || (bracket ? c == ':' : c == '-');
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_legal);
}

bool names_a_host(std::string_view first) {
  return first.find_first_of(".:") != std::string_view::npos || first == "localhost";
}

}  // namespace

Result<ImageRepo> ImageRepo::parse(std::string_view text) {
  ImageRepo repo;
  if (text.starts_with(layout_scheme)) {
    repo.path_ = text.substr(layout_scheme.size());
    if (repo.path_.empty()) return bad_reference(text, "it names no folder");
    if (!is_printable(repo.path_)) return bad_reference(text, "it holds a control character or is not valid UTF-8");
    if (const auto last = split(repo.path_, '/').back(); last.find(':') != std::string_view::npos)
      return bad_reference(text, "a tag does not belong here");
    return repo;
  }
  const auto slash = text.find('/');
  const std::string_view first = text.substr(0, slash);
  if (slash == std::string_view::npos || !names_a_host(first)) {
    repo.host_ = "docker.io";
    repo.path_ = slash == std::string_view::npos ? fmt::format("library/{}", text) : std::string(text);
  } else {
    repo.host_ = first == "index.docker.io" ? "docker.io" : std::string(first);
    repo.path_ = text.substr(slash + 1);
    if (repo.host_ == "docker.io" && repo.path_.find('/') == std::string::npos) repo.path_ = "library/" + repo.path_;
  }
  if (!is_host(repo.host_)) return bad_reference(text, fmt::format("'{}' is no host", printable(repo.host_)));
  if (split(repo.path_, '/').back().find_first_of(":@") != std::string_view::npos)
    return bad_reference(text, "a tag or digest does not belong here");
  for (const std::string_view component : split(repo.path_, '/'))
    if (!is_path_component(component))
      return bad_reference(text, fmt::format("'{}' is no repository name (lower case only)", printable(component)));
  if (repo.path_.size() > 255)
    return bad_reference(printable(text, 60), "its repository is longer than 255 characters");
  return repo;
}

ImageRepo ImageRepo::relative_to(const std::string& folder) const {
  ImageRepo repo = *this;
  if (is_layout() && !path_.starts_with('/')) repo.path_ = folder + "/" + path_;
  return repo;
}

std::ostream& operator<<(std::ostream& out, const ImageRepo& repo) { return out << repo.str(); }

Result<ImageRef> ImageRef::parse(std::string_view text) {
  ImageRef ref;
  std::string_view rest = text;
  if (const auto at = rest.rfind("@sha256:"); at != std::string_view::npos) {
    SB_TRY(ref.digest_, Digest::parse(rest.substr(at + 1)));
    rest = rest.substr(0, at);
  } else if (rest.find('@') != std::string_view::npos && !rest.starts_with(layout_scheme)) {
    return bad_reference(text, "the digest is no SHA-256 digest");
  }
  const bool layout = rest.starts_with(layout_scheme);
  const auto slash = rest.rfind('/');
  const auto colon = rest.rfind(':');
  const bool has_tag = colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash) &&
                       (!layout || colon >= layout_scheme.size());
  if (has_tag) {
    ref.tag_ = rest.substr(colon + 1);
    if (!is_tag(ref.tag_))
      return Error{.code = ErrorCode::bad_tag,
                   .message = fmt::format("'{}' in '{}' is no tag", printable(ref.tag_), printable(text)),
                   .hint = "a tag is letters, digits, '_', '.' and '-', at most 128"};
    rest = rest.substr(0, colon);
  } else if (!layout && !ref.digest_) {
    ref.tag_ = "latest";
  }
  SB_TRY(ref.repo_, ImageRepo::parse(rest));
  return ref;
}

std::string ImageRef::str() const {
  return repo_.str() + (tag_.empty() ? "" : ":" + tag_) + (digest_ ? "@" + digest_->str() : "");
}

std::ostream& operator<<(std::ostream& out, const ImageRef& ref) { return out << ref.str(); }

}  // namespace samebits
