// Where objects of Google's storage are.
#include "auth/objects/google.hh"

#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::auth;

BOOST_AUTO_TEST_SUITE(google_objects)

BOOST_AUTO_TEST_CASE(names_are_one_part_of_the_path)
{
    BOOST_TEST(google_object_address({}, "bucket", "a/b c.tgz").str() ==
               "https://storage.googleapis.com/storage/v1/b/bucket/o/a%2Fb%20c.tgz?alt=media");
}

BOOST_AUTO_TEST_CASE(an_emulator_is_asked_without_a_token)
{
    const Variables variables{
        {{"STORAGE_EMULATOR_HOST", "localhost:9023"}, {"GOOGLE_APPLICATION_CREDENTIALS", "/not/there"}}};
    net::Client network;
    const auto request = google_object(network, variables, SystemClock{}, "b", "o", {});
    BOOST_TEST(request.url.str() == "http://localhost:9023/storage/v1/b/b/o/o?alt=media");
    BOOST_TEST(!request.headers.find("Authorization"));
}

BOOST_AUTO_TEST_SUITE_END()
