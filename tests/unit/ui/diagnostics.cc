#include "ui/diagnostics.hh"

#include "support/golden.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::ui;
namespace data = boost::unit_test::data;

namespace {

constexpr std::string_view source = "FROM alpine AS build\n"
                                    "WORKDIR /src\n"
                                    "COPY\tmissing.c /src/\n"
                                    "RUN make && \\\n"
                                    "    make install\n"
                                    "USER app\n";

Error missing_file()
{
    Error error{ErrorKind::not_found, "missing.c: no such file in the build context"};
    error.add_context("COPY missing.c /src/");
    error.add_context("building stage build");
    error.set_where({"Dockerfile", 3, 3, 6, 14});
    error.set_hint("it is excluded by line 2 of .dockerignore");
    return error;
}

} // namespace

BOOST_AUTO_TEST_SUITE(diagnostics)

BOOST_AUTO_TEST_CASE(everything_that_an_error_can_have)
{
    mica::test::check_golden("ui/error-full.txt", format_error(missing_file(), source, false));
}

BOOST_AUTO_TEST_CASE(the_same_in_colour)
{
    mica::test::check_golden("ui/error-color.txt", format_error(missing_file(), source, true));
}

BOOST_AUTO_TEST_CASE(an_error_with_a_message_alone)
{
    BOOST_TEST(format_error(Error{ErrorKind::io, "disk on fire"}, {}, false) == "error: disk on fire\n");
}

BOOST_AUTO_TEST_CASE(a_place_of_several_lines)
{
    const auto error = Error{ErrorKind::dockerfile, "bad"}.at({"dir/Dockerfile", 4, 5, 0, 0});
    BOOST_TEST(format_error(error, source, false) == "error: bad\n"
                                                     "  dir/Dockerfile:4-5\n"
                                                     "     2 |     WORKDIR /src\n"
                                                     "     3 |     COPY\tmissing.c /src/\n"
                                                     "     4 | >>> RUN make && \\\n"
                                                     "     5 | >>>     make install\n"
                                                     "     6 |     USER app\n");
}

BOOST_AUTO_TEST_CASE(a_long_place_is_shortened)
{
    std::string text;
    for (int line = 1; line <= 40; ++line)
        text += "line " + std::to_string(line) + "\n";
    const auto error = Error{ErrorKind::dockerfile, "bad"}.at({"Dockerfile", 10, 30, 0, 0});
    const auto shown = format_error(error, text, false);
    BOOST_TEST(shown.find(">>> line 17\n   ... | >>>\n    30 | >>> line 30\n") != std::string::npos);
    BOOST_TEST(shown.find("line 25") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_place_without_its_text_is_still_named)
{
    const auto error = Error{ErrorKind::dockerfile, "bad"}.at({"Dockerfile", 4, 4, 0, 0});
    BOOST_TEST(format_error(error, {}, false) == "error: bad\n  Dockerfile:4\n");
}

BOOST_AUTO_TEST_CASE(a_place_behind_the_end_of_the_text)
{
    const auto error = Error{ErrorKind::dockerfile, "bad"}.at({"Dockerfile", 99, 99, 7, 9});
    BOOST_TEST(format_error(error, source, false) == "error: bad\n  Dockerfile:99\n");
}

BOOST_AUTO_TEST_CASE(a_column_behind_the_end_of_its_line)
{
    const auto error = Error{ErrorKind::dockerfile, "bad"}.at({"Dockerfile", 6, 6, 50, 60});
    BOOST_TEST(format_error(error, source, false).find("       |             ^\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(foreign_bytes_cannot_steer_the_terminal)
{
    const auto error = Error{ErrorKind::network, "registry says \x1b[2J\r\xff"};
    BOOST_TEST(format_error(error, {}, false) == "error: registry says \\x1b[2J\\x0d\\xff\n");
}

BOOST_AUTO_TEST_CASE(further_lines_of_a_message_are_indented)
{
    BOOST_TEST(format_error(Error{ErrorKind::io, "one\ntwo"}, {}, false) == "error: one\n       two\n");
}

struct StatusCase {
    ErrorKind kind;
    int status;
    friend std::ostream &operator<<(std::ostream &out, const StatusCase &self) { return out << self.status; }
};

BOOST_DATA_TEST_CASE(each_kind_has_its_status, data::make(std::vector<StatusCase>{{ErrorKind::usage, 2},
                                                                                  {ErrorKind::dockerfile, 3},
                                                                                  {ErrorKind::network, 4},
                                                                                  {ErrorKind::not_found, 1},
                                                                                  {ErrorKind::denied, 1},
                                                                                  {ErrorKind::io, 1},
                                                                                  {ErrorKind::internal, 1}}))
{
    BOOST_TEST(exit_status(Error{sample.kind, "x"}) == sample.status);
}

BOOST_DATA_TEST_CASE(a_command_passes_its_own_status_on,
                     data::make(std::vector<int>{7, 255, 0, 256, -1}) ^
                         data::make(std::vector<int>{7, 255, 1, 1, 1}),
                     status, expected)
{
    Error error{ErrorKind::command_failed, "x"};
    error.set_exit_status(status);
    BOOST_TEST(exit_status(error) == expected);
}

BOOST_AUTO_TEST_CASE(a_command_without_a_status_is_a_failure)
{
    BOOST_TEST(exit_status(Error{ErrorKind::command_failed, "x"}) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
