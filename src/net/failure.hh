#pragma once
/// @file
/// Why no answer came.
#include "base/error.hh"
#include <cstdint>
#include <string>

namespace mica::net {

enum class FailureKind : std::uint8_t {
    resolve,     ///< the name has no address
    refused,     ///< nobody listens
    unreachable, ///< no way there, or no answer to the connection
    tls,         ///< the server could not prove who it is, or speaks no TLS
    timeout,     ///< nothing moved for too long
    broken,      ///< the connection ended in the middle
    other
};

/// An exchange that ended without an answer: an Error of kind network that also says what
/// retrying and hints decide on.
class Failure : public Error {
public:
    Failure(FailureKind failure, std::string message)
        : Error{ErrorKind::network, std::move(message)}, failure_{failure}
    {
    }
    [[nodiscard]] FailureKind failure() const noexcept { return failure_; }

private:
    FailureKind failure_;
};

} // namespace mica::net
