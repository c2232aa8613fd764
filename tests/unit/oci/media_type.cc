#include "oci/model.hh"

#include <boost/test/unit_test.hpp>
#include <set>

using mica::oci::media_type_name;
using mica::oci::MediaType;
using mica::oci::parse_media_type;

BOOST_AUTO_TEST_SUITE(media_type)

BOOST_AUTO_TEST_CASE(every_type_has_a_name_of_its_own)
{
    std::set<std::string_view> names;
    for (int i = 0; i < static_cast<int>(MediaType::other); ++i) {
        const auto type = static_cast<MediaType>(i);
        BOOST_TEST(!media_type_name(type).empty());
        BOOST_TEST((parse_media_type(media_type_name(type)) == type));
        names.insert(media_type_name(type));
    }
    BOOST_TEST(names.size() == static_cast<std::size_t>(MediaType::other));
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_other)
{
    BOOST_TEST((parse_media_type("application/json") == MediaType::other));
    BOOST_TEST((parse_media_type("") == MediaType::other));
    BOOST_TEST(media_type_name(MediaType::other).empty());
}

BOOST_AUTO_TEST_SUITE_END()
