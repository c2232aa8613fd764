#include "dockerfile/device_flag.hh"

#include "support.hh"

namespace mica::dockerfile {

BOOST_AUTO_TEST_SUITE(device_flag)

BOOST_AUTO_TEST_CASE(the_name_needs_no_key)
{
    BOOST_TEST(parse_device("vendor.com/gpu=0").name == "vendor.com/gpu=0");
    BOOST_TEST(parse_device("vendor.com/gpu").name == "vendor.com/gpu");
    BOOST_TEST(parse_device("NAME=vendor.com/gpu=all").name == "vendor.com/gpu=all");
}

BOOST_AUTO_TEST_CASE(required_has_two_forms)
{
    BOOST_TEST(!parse_device("a").required);
    BOOST_TEST(parse_device("a,required").required);
    BOOST_TEST(parse_device("required=1,a").required);
    BOOST_TEST(!parse_device("a,required=false").required);
}

BOOST_AUTO_TEST_CASE(other_fields_are_refused)
{
    BOOST_TEST(failure([] { return parse_device("a,name=b"); }) == "device name already set to a");
    BOOST_TEST(contains(failure([] { return parse_device("a,requird=1"); }), "did you mean required?"));
    BOOST_TEST(contains(failure([] { return parse_device("a,b"); }), "must be a key=value pair"));
    BOOST_TEST(contains(failure([] { return parse_device("a,required=x"); }), "invalid value for required"));
    BOOST_TEST(contains(failure([] { return parse_device(""); }), "it is empty"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
