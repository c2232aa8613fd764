// Where objects of S3 are.
#include "auth/objects/s3.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::auth;

namespace {

struct Fixture {
    FixedClock clock{from_unix(1'700'000'000)};
    net::Client network;

    S3Object object(std::map<std::string, std::string> variables, std::string bucket = "bucket")
    {
        variables.insert({{"AWS_ACCESS_KEY_ID", "id"}, {"AWS_SECRET_ACCESS_KEY", "secret"}});
        keys.emplace(network, Variables{std::move(variables)}, clock);
        return {*keys, std::move(bucket), "key", {}};
    }

    std::optional<aws::KeyRing> keys;
};

S3Place place(std::string bucket)
{
    return {.bucket = std::move(bucket), .key = "some/na me", .region = "eu-west-1"};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(s3_objects, Fixture)

BOOST_AUTO_TEST_CASE(the_bucket_is_a_part_of_the_host)
{
    BOOST_TEST(s3_address(place("bucket")).str() == "https://bucket.s3.eu-west-1.amazonaws.com/some/na%20me");
    auto china = place("bucket");
    china.region = "cn-north-1";
    BOOST_TEST(s3_address(china).host() == "bucket.s3.cn-north-1.amazonaws.com.cn");
    auto other = place("bucket");
    other.fips = other.dual_stack = true;
    BOOST_TEST(s3_address(other).host() == "bucket.s3-fips.dualstack.eu-west-1.amazonaws.com");
}

BOOST_AUTO_TEST_CASE(or_of_the_path_where_it_must_or_shall)
{
    BOOST_TEST(s3_address(place("with.dots")).str() ==
               "https://s3.eu-west-1.amazonaws.com/with.dots/some/na%20me");
    auto told = place("bucket");
    told.path_style = true;
    BOOST_TEST(s3_address(told).str() == "https://s3.eu-west-1.amazonaws.com/bucket/some/na%20me");
    auto local = place("bucket");
    local.endpoint = net::Url::parse("http://10.1.2.3:9000/store/");
    BOOST_TEST(s3_address(local).str() == "http://10.1.2.3:9000/store/bucket/some/na%20me");
    local.endpoint = net::Url::parse("https://minio.example");
    BOOST_TEST(s3_address(local).str() == "https://bucket.minio.example/some/na%20me");
}

BOOST_AUTO_TEST_CASE(kanikos_endpoint_goes_before_awss)
{
    auto found =
        object({{"S3_ENDPOINT", "minio.example:9000"}, {"AWS_ENDPOINT_URL_S3", "https://other.example"}});
    BOOST_TEST(found.get().url.str() == "https://bucket.minio.example:9000/key");
    BOOST_TEST(object({{"AWS_ENDPOINT_URL_S3", "https://other.example"}, {"S3_FORCE_PATH_STYLE", "true"}})
                   .get()
                   .url.str() == "https://other.example/bucket/key");
}

BOOST_AUTO_TEST_CASE(the_region_is_learnt_once)
{
    auto found = object({{"AWS_REGION", "eu-west-1"}});
    BOOST_TEST(found.learn({{"x-amz-bucket-region", "us-west-2"}}));
    BOOST_TEST(found.get().url.host() == "bucket.s3.us-west-2.amazonaws.com");
    BOOST_TEST(found.get().headers.find("Authorization").value().find("/us-west-2/s3/") != std::string::npos);
    BOOST_TEST(!found.learn({{"x-amz-bucket-region", "us-west-2"}}));
    BOOST_TEST(!found.learn({{"x-amz-bucket-region", "evil.example/"}}));
}

BOOST_AUTO_TEST_CASE(what_is_no_bucket_is_refused)
{
    BOOST_CHECK_THROW((void)object({}, ""), Error);
    BOOST_CHECK_THROW((void)object({}, "a@b"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
