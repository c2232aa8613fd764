#pragma once
#include "base/error.hh"
#include "dockerfile/ast.hh"
#include "dockerfile/parser.hh"
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mica::dockerfile {

/// A table's row: what goes in, what comes out.
struct Row {
    std::string input, output;
};
inline std::ostream &operator<<(std::ostream &out, const Row &row)
{
    return out << '[' << row.input << ']';
}

/// The message of the Error that `body` throws; empty if it throws none.
template <class Body> std::string failure(Body &&body)
try {
    static_cast<void>(body());
    return {};
} catch (const Error &error) {
    BOOST_TEST((error.kind() == ErrorKind::dockerfile));
    return error.message();
}

inline bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

/// The only instruction of a text.
inline Node node_of(std::string_view text)
{
    auto ast = parse(text, "Dockerfile");
    BOOST_REQUIRE_EQUAL(ast.instructions.size(), 1U);
    return std::move(ast.instructions.front());
}

} // namespace mica::dockerfile
