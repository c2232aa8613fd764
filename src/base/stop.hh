#pragma once
/// @file
/// Cancellation: every call that may block takes a std::stop_token.
#include "base/error.hh"
#include <stop_token>

namespace mica {

/// Throws Cancelled when a stop was requested.
inline void throw_if_stopped(const std::stop_token &stop)
{
    if (stop.stop_requested())
        throw Cancelled{};
}

} // namespace mica
