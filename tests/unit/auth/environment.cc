// Logins in variables that are called after their registry.
#include "auth/clouds.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::auth;

namespace {

std::string user_of(const std::string &image, std::map<std::string, std::string> variables)
{
    const auto provider = environment_provider(Variables{std::move(variables)});
    const auto found = provider->find(oci::Reference::parse(image));
    return found ? std::get<Basic>(found->secret).user : "nobody";
}

} // namespace

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(the_whole_name_goes_before_its_end)
{
    std::map<std::string, std::string> variables{{"KANIKO_MY_HUB_EXAMPLE_COM_USER", "whole"},
                                                 {"KANIKO_MY_HUB_EXAMPLE_COM_PASSWORD", "x"},
                                                 {"KANIKO_EXAMPLE_COM_USER", "end"},
                                                 {"KANIKO_EXAMPLE_COM_PASSWORD", "x"}};
    BOOST_TEST(user_of("my-hub.example.com:5000/a", variables) == "whole");
    BOOST_TEST(user_of("other.example.com/a", variables) == "end");
    BOOST_TEST(user_of("example.org/a", variables) == "nobody");
}

BOOST_AUTO_TEST_CASE(a_user_without_a_password_is_no_login)
{
    BOOST_TEST(user_of("example.com/a", {{"KANIKO_EXAMPLE_COM_USER", "x"}}) == "nobody");
}

BOOST_AUTO_TEST_CASE(helpers_have_kanikos_names)
{
    BOOST_TEST((parse_helper("acr") == Helper::azure));
    BOOST_CHECK_THROW((void)parse_helper("azure"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
