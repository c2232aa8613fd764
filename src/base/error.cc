#include "base/error.hh"

#include <cerrno>
#include <fmt/format.h>
#include <system_error>

namespace mica {

Error system_error(std::string_view what, int error_number)
{
    auto kind = ErrorKind::io;
    if (error_number == ENOENT || error_number == ENOTDIR)
        kind = ErrorKind::not_found;
    else if (error_number == EACCES || error_number == EPERM)
        kind = ErrorKind::denied;
    auto error = Error{kind, fmt::format("{}: {}", what, std::generic_category().message(error_number))};
    if (error_number == ENOSPC)
        error.set_hint("the disk is full: free some space, or move the state directory with --state DIR");
    return error;
}

} // namespace mica
