#include "base/error.hh"

#include <boost/test/unit_test.hpp>
#include <cerrno>

using namespace mica;

BOOST_AUTO_TEST_SUITE(errors)

BOOST_AUTO_TEST_CASE(frames_are_added_from_the_inside_out)
{
    try {
        in_context(
            [] { return std::string{"outer"}; },
            [] { in_context([] { return std::string{"inner"}; }, [] { throw Error{ErrorKind::io, "x"}; }); });
        BOOST_FAIL("did not throw");
    } catch (const Error &error) {
        BOOST_TEST(error.context() == (std::vector<std::string>{"inner", "outer"}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_body_that_succeeds_builds_no_description)
{
    const int value =
        in_context([]() -> std::string { throw std::logic_error{"was called"}; }, [] { return 7; });
    BOOST_TEST(value == 7);
}

BOOST_AUTO_TEST_CASE(cancellation_passes_untouched)
{
    BOOST_CHECK_THROW(in_context([] { return std::string{"frame"}; }, [] { throw Cancelled{}; }), Cancelled);
    try {
        throw Cancelled{};
    } catch (const Error &) {
        BOOST_FAIL("Cancelled is an Error");
    } catch (const Cancelled &) { // as it must be
        BOOST_TEST(true);
    }
}

BOOST_AUTO_TEST_CASE(the_first_place_and_the_first_hint_stay)
{
    const SourceSpan near{"Dockerfile", 3, 3, 1, 2};
    const SourceSpan far{"Dockerfile", 1, 9, 0, 0};
    try {
        at_span(far, [&] {
            at_span(near, [] { throw Error{ErrorKind::io, "x"}.with_hint("first").with_hint("second"); });
        });
    } catch (const Error &error) {
        BOOST_TEST((*error.where() == near));
        BOOST_TEST(*error.hint() == "first");
    }
}

BOOST_AUTO_TEST_CASE(errno_becomes_a_kind)
{
    BOOST_TEST((system_error("open x", ENOENT).kind() == ErrorKind::not_found));
    BOOST_TEST((system_error("open x", EACCES).kind() == ErrorKind::denied));
    BOOST_TEST((system_error("open x", EIO).kind() == ErrorKind::io));
    BOOST_TEST(system_error("open x", ENOENT).message() == "open x: No such file or directory");
}

BOOST_AUTO_TEST_CASE(a_full_disk_has_a_hint)
{
    BOOST_TEST(system_error("write x", ENOSPC).hint().value().find("--state") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
