#pragma once

#include <string>
#include <string_view>

#include "json/json.hpp"

namespace samebits::yaml {

/// True if some reader (YAML 1.1, YAML 1.2, Helm's) would take `text` without quotes for something else than a string.
bool is_ambiguous(std::string_view text);

/// True if `text` can stand without quotes and is this string for every reader.
bool is_plain_safe(std::string_view text, bool in_flow);

/// True if `text` can be lines of a block scalar: no control characters, nothing that readers disagree on.
bool can_stand_in_block(std::string_view text);

enum class Quote { plain, single_quoted, double_quoted };

/// `text` as a scalar, with `wanted` quotes where they can carry it; `preferred` where quotes are needed.
std::string quote_scalar(std::string_view text, Quote wanted, Quote preferred, bool in_flow);

/// A string, number, boolean or null.
std::string scalar_of(const Json& value, Quote preferred, bool in_flow);

/// A number, boolean or null as every reader takes it for one.
std::string plain_of(const Json& value);

/// A value in flow style: `{a: 1, b: [x]}`; as JSON with all text in double quotes.
std::string flow_of(const Json& value, Quote preferred, bool as_json = false);

}  // namespace samebits::yaml
