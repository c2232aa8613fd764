#pragma once
/// @file
/// Looking at the Error that something throws.
#include "base/error.hh"
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>

namespace mica::test {

/// The Error that `body` throws; a failed test if it throws none.
template <class Body> Error error_of(Body &&body)
{
    try {
        std::forward<Body>(body)();
    } catch (const Error &error) {
        return error;
    }
    BOOST_FAIL("nothing was thrown");
    return Error{ErrorKind::internal, ""};
}

template <class Body> ErrorKind kind_of(Body &&body)
{
    return error_of(std::forward<Body>(body)).kind();
}

inline bool contains(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

} // namespace mica::test

namespace mica {

inline std::ostream &operator<<(std::ostream &out, ErrorKind kind)
{
    return out << "ErrorKind " << static_cast<int>(kind);
}

} // namespace mica
