#include "auth/aws/profile.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::auth::aws;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_CASE(sections_have_settings)
{
    const auto read = parse_shared_file(
        "# words\n[default]\naws_access_key_id = AK\n\n[profile  ci]\nRegion=eu-west-1\n", "f");
    BOOST_TEST(read.at("default").get("aws_access_key_id").value() == "AK");
    BOOST_TEST(read.at("profile ci").get("region").value() == "eu-west-1");
    BOOST_TEST(!read.at("default").get("region").has_value());
}

BOOST_AUTO_TEST_CASE(a_setting_below_a_setting_has_both_names)
{
    const auto read = parse_shared_file(
        "[services x]\necr =\n  endpoint_url = http://a\nsts =\n\tendpoint_url=http://b\n", "f");
    BOOST_TEST(read.at("services x").get("ecr.endpoint_url").value() == "http://a");
    BOOST_TEST(read.at("services x").get("sts.endpoint_url").value() == "http://b");
}

BOOST_AUTO_TEST_CASE(a_secret_may_have_any_characters)
{
    const auto read = parse_shared_file("[default]\naws_secret_access_key = a=b#c;d/+\r\n", "f");
    BOOST_TEST(read.at("default").get("aws_secret_access_key").value() == "a=b#c;d/+");
}

BOOST_DATA_TEST_CASE(what_is_no_line_is_refused_without_being_shown,
                     data::make({"[default\nx=1", "[default]\nsecretword", "x = 1",
                                 "[default]\n= secretword"}),
                     text)
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_shared_file(text, "the file")), Error,
                          [](const Error &error) {
                              return error.message().find("the file, line ") == 0 &&
                                     error.message().find("secretword") == std::string::npos;
                          });
}

BOOST_AUTO_TEST_CASE(the_credentials_file_wins_over_the_config_file)
{
    const Profiles profiles{parse_shared_file("[profile ci]\naws_access_key_id=1\nregion=eu-west-1", "a"),
                            parse_shared_file("[ci]\naws_access_key_id=2", "b")};
    const auto profile = profiles.profile("ci").value();
    BOOST_TEST(profile.get("aws_access_key_id").value() == "2");
    BOOST_TEST(profile.get("region").value() == "eu-west-1");
    BOOST_TEST(profiles.has_shared_keys("ci"));
    BOOST_TEST(!profiles.profile("other").has_value());
}
