#pragma once

#include <string>
#include <string_view>

namespace samebits::cli {

enum class Colour { red = 31, green = 32, yellow = 33 };

/// `text` without what could move a terminal: control characters other than line break and tab, characters that turn
/// the direction of writing, and bytes that are no UTF-8, become `?`. What other people wrote is shown through it.
std::string clean(std::string_view text);

/// Coloured where the stream is a terminal and NO_COLOR is not set; else `text`.
std::string paint_output(Colour colour, std::string_view text);
std::string paint_error(Colour colour, std::string_view text);

/// Opens what the caller closed of standard input, output and error, so that no file of ours gets their numbers:
/// to write there fails, as it would have.
void keep_standard_streams();

}  // namespace samebits::cli
