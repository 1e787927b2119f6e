#pragma once

#include <utility>

#include <samebits/result.hpp>

// Private to the library: SB_TRY(const auto digest, registry.resolve(...)) declares `digest` or returns the error.
#define SB_CONCAT_INNER(left, right) left##right
#define SB_CONCAT(left, right) SB_CONCAT_INNER(left, right)
#define SB_TRY_INNER(result, declaration, expression) \
  auto result = (expression);                         \
  if (!result) return std::move(result).error();      \
  declaration = *std::move(result)
#define SB_TRY(declaration, expression) SB_TRY_INNER(SB_CONCAT(sb_try_, __LINE__), declaration, expression)
/// For an expression without a value.
#define SB_CHECK(expression)                                                         \
  do {                                                                               \
    if (auto sb_check = (expression); !sb_check) return std::move(sb_check).error(); \
  } while (false)
