#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <samebits/secret.hpp>

namespace samebits {

/// With padding. Source: RFC 4648, section 4.
std::string base64_encode(std::string_view bytes);
/// Nothing if `text` is no base64; line breaks are passed over and padding may be missing.
std::optional<std::string> base64_decode(std::string_view text);
/// The value of an Authorization header. Source: RFC 7617.
Secret basic_authorization(std::string_view username, const Secret& password);

}  // namespace samebits
