#pragma once
/// @file
/// System calls that fail become Errors on the line of the call.
#include "base/error.hh"
#include <cerrno>
#include <string_view>

namespace mica::os {

/// The result of a system call; throws system_error(what, errno) if it is negative.
template <class Result> Result check(Result result, std::string_view what)
{
    if (result < 0)
        throw system_error(what, errno);
    return result;
}

/// The same with a text that is built only on failure.
template <class Result, class Describe>
    requires requires(Describe describe) { std::string_view{describe()}; }
Result check(Result result, Describe &&describe)
{
    if (result < 0) {
        const int error_number = errno;
        throw system_error(describe(), error_number);
    }
    return result;
}

} // namespace mica::os
