#include "cli/doctor_command.hh"

#include "cli/arguments.hh"
#include "support/errors.hh"
#include <boost/test/unit_test.hpp>
#include <vector>

namespace {

using namespace mica::cli;
using mica::sandbox::Examined;

const std::vector<Examined> some{{"ns", false, "needs root", "be root"},
                                 {"userns", true, "", std::nullopt},
                                 {"chroot", false, "needs root", std::nullopt}};

BOOST_AUTO_TEST_SUITE(cli_doctor_command)

BOOST_AUTO_TEST_CASE(the_table_tells_why_and_what_would_help)
{
    BOOST_TEST(doctor_text(some) == "ns        does not work: needs root\n"
                                    "          to allow it: be root\n"
                                    "userns    works\n"
                                    "chroot    does not work: needs root\n"
                                    "\nA build on this machine takes userns.\n");
}

BOOST_AUTO_TEST_CASE(nothing_that_works_is_said)
{
    BOOST_TEST(doctor_text(std::vector<Examined>{{"ns", false, "no", std::nullopt}}) ==
               "ns        does not work: no\n\nOnly Dockerfiles without RUN can be built on this machine.\n");
}

BOOST_AUTO_TEST_CASE(json_has_the_same_facts)
{
    BOOST_TEST(doctor_json({some.data(), 1}) ==
               "{\n  \"chosen\": null,\n  \"backends\": [\n    {\n"
               "      \"name\": \"ns\",\n      \"works\": false,\n"
               "      \"why\": \"needs root\",\n      \"hint\": \"be root\"\n"
               "    }\n  ]\n}\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_format_is_refused)
{
    DoctorOptions options;
    const auto error = mica::test::error_of(
        [&] { (void)parse_arguments(doctor_command_spec(options), {"--format", "xml"}); });
    BOOST_TEST(error.kind() == mica::ErrorKind::usage);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
