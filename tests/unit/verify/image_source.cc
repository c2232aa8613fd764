#include "verify/image_source.hh"

#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::verify;

BOOST_AUTO_TEST_SUITE(image_source)

BOOST_AUTO_TEST_CASE(schemes_say_where_an_image_is)
{
    using Kind = Location::Kind;
    const auto layout = parse_location("oci-layout:///a/b:1.2");
    BOOST_TEST((layout.kind == Kind::layout));
    BOOST_TEST(layout.path == "/a/b");
    BOOST_TEST(layout.reference == "1.2");
    const auto digest = parse_location("oci-archive://x.tar@sha256:ab");
    BOOST_TEST((digest.kind == Kind::archive));
    BOOST_TEST(digest.path == "x.tar");
    BOOST_TEST(digest.reference == "sha256:ab");
    BOOST_TEST((parse_location("docker-archive://x.tar").kind == Kind::archive));
    BOOST_TEST((parse_location("docker-image://alpine").kind == Kind::registry));
}

BOOST_AUTO_TEST_CASE(a_colon_before_a_slash_belongs_to_the_path)
{
    BOOST_TEST(parse_location("oci-layout:///a:b/c").path == "/a:b/c");
}

BOOST_AUTO_TEST_CASE(a_path_alone_is_a_layout_if_it_is_a_directory)
{
    const test::TemporaryDirectory directory;
    BOOST_TEST((parse_location(directory.path().native()).kind == Location::Kind::layout));
    BOOST_TEST((parse_location("/nowhere/x.tar").kind == Location::Kind::archive));
}

BOOST_AUTO_TEST_CASE(all_else_is_a_name_in_a_registry)
{
    BOOST_TEST(parse_location("localhost:5000/a/b:1").reference == "localhost:5000/a/b:1");
    BOOST_CHECK_THROW(static_cast<void>(parse_location("Not A Name")), Error);
    BOOST_CHECK_THROW(static_cast<void>(parse_location("oci-layout://")), Error);
}

BOOST_AUTO_TEST_SUITE_END()
