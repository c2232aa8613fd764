/// @file
/// Precompiled for every target (meson's b_pch, on by default): the standard headers that
/// nearly all files read. Nobody includes this one; a file includes what it uses itself, and
/// the lint suite compiles each header without it. It has no #pragma once: of a main file, which
/// it is here, GCC calls that an error.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>
