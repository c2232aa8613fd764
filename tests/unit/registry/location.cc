#include "registry/location.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::registry;
namespace data = boost::unit_test::data;

namespace {
std::string located(const char *registry, const char *location)
{
    const auto endpoint = endpoint_for(registry, {});
    return upload_location(endpoint, endpoint.url("a", "blobs/uploads/"),
                           net::Headers{{"Location", location}})
        .str();
}
} // namespace

BOOST_AUTO_TEST_CASE(relative_and_absolute_locations)
{
    BOOST_TEST(located("r.example", "/v2/a/blobs/uploads/1?_state=x%2F") ==
               "https://r.example/v2/a/blobs/uploads/1?_state=x%2F");
    BOOST_TEST(located("r.example", "1") == "https://r.example/v2/a/blobs/uploads/1");
    BOOST_TEST(located("r.example", "https://storage.example/x?y=z") == "https://storage.example/x?y=z");
}

BOOST_AUTO_TEST_CASE(a_registry_behind_a_proxy_that_ends_tls)
{
    BOOST_TEST(located("r.example:8443", "http://r.example/v2/u?x=1") == "https://r.example:8443/v2/u?x=1");
}

BOOST_DATA_TEST_CASE(places_where_nothing_is_sent,
                     data::make({"http://other.example/u", "https://169.254.169.254/latest",
                                 "https://10.0.0.1/u", "https://[::1]/u", "ftp://r.example/u", ""}),
                     location)
{
    BOOST_CHECK_THROW(static_cast<void>(located("r.example", location)), Error);
}

BOOST_AUTO_TEST_CASE(a_local_registry_may_send_to_its_neighbours)
{
    BOOST_TEST(located("10.0.0.5:5000", "https://10.0.0.6/u") == "https://10.0.0.6/u");
    BOOST_TEST(located("localhost:5000", "http://127.0.0.1:5001/u") == "http://127.0.0.1:5001/u");
}
