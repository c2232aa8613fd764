#pragma once
/// @file
/// --chmod of COPY and ADD.
#include <string_view>

namespace mica::plan {

/// Octal up to 07777, or symbolic as chmod(1) takes it ("u=rwX,go-w"). Throws Error
/// (dockerfile) for what is neither.
void check_chmod(std::string_view mode);

} // namespace mica::plan
