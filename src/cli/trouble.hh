#pragma once
/// @file
/// How commands that compare end.
#include "cli/environment.hh"
#include <functional>

namespace mica::cli {

/// As diff's: trouble is told apart from a difference.
inline constexpr int status_trouble = 2;

/// Runs `body`, which gives the exit status; tells on standard error what failed.
int with_trouble_told(const Environment &environment, const std::function<int()> &body);

} // namespace mica::cli
