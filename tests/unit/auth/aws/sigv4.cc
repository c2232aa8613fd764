// Vectors: AWS's test suite of signature version 4, the examples of S3's reference, and two
// requests to ECR that other signers agree on.
#include "auth/aws/sigv4.hh"

#include "io/hash.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

using namespace mica;
using namespace mica::auth::aws;
namespace data = boost::unit_test::data;

namespace {

struct Vector {
    std::string name, method, path, query;
    net::Headers headers;
    std::string body, signature;
};
std::ostream &operator<<(std::ostream &out, const Vector &vector)
{
    return out << vector.name;
}

constexpr const char *unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const std::vector<Vector> suite{
    {"get-vanilla",
     "GET",
     "/",
     "",
     {},
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"post-vanilla",
     "POST",
     "/",
     "",
     {},
     "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/",
     "Param2=value2&Param1=value1",
     {},
     "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-unreserved",
     "GET",
     "/",
     std::string{unreserved} + "=" + unreserved,
     {},
     "",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-vanilla-empty-query-key",
     "GET",
     "/",
     "Param1=value1",
     {},
     "",
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     "",
     {{"Content-Type", "application/x-www-form-urlencoded"}},
     "Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {"get-header-value-trim",
     "GET",
     "/",
     "",
     {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     "",
     {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
     "",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-order",
     "GET",
     "/",
     "",
     {{"My-Header1", "value4"}, {"My-Header1", "value1"}, {"My-Header1", "value3"}, {"My-Header1", "value2"}},
     "",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"get-utf8",
     "GET",
     "/\xe1\x88\xb4",
     "",
     {},
     "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-space",
     "GET",
     "/example space/",
     "",
     {},
     "",
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
};

const SigningKeys suite_keys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};

std::string signature_in(const std::string &authorization)
{
    return authorization.substr(authorization.rfind('=') + 1);
}

net::Request ecr_request()
{
    return {.method = net::Method::post,
            .url = net::Url::parse("https://api.ecr.us-east-1.amazonaws.com/"),
            .headers = {{"Content-Type", "application/x-amz-json-1.1"},
                        {"X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"}},
            .body = std::string{"{}"}};
}

const auto new_year = parse_rfc3339("2026-01-01T00:00:00Z");

} // namespace

BOOST_DATA_TEST_CASE(the_suite_of_aws_agrees, data::make(suite), vector)
{
    auto headers = vector.headers;
    headers.set("Host", "example.amazonaws.com");
    headers.set("X-Amz-Date", "20150830T123600Z");
    const Signable request{vector.method, vector.path, vector.query, headers, sha256(vector.body).hex()};
    const auto value =
        authorization(request, suite_keys, {"us-east-1", "service"}, parse_rfc3339("2015-08-30T12:36:00Z"));
    BOOST_TEST_MESSAGE(canonical_request(request));
    BOOST_TEST(signature_in(value) == vector.signature);
    BOOST_TEST(
        value.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                          "SignedHeaders="));
}

BOOST_AUTO_TEST_CASE(a_request_to_ecr_is_signed_with_host_date_type_and_target)
{
    auto request = ecr_request();
    sign(request, suite_keys, {"us-east-1", "ecr"}, new_year);
    BOOST_TEST(request.headers.find("X-Amz-Date").value() == "20260101T000000Z");
    BOOST_TEST(request.headers.find("Authorization").value() ==
               "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/ecr/aws4_request, "
               "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
               "Signature=fef4b0e74c1403375f73181e79badd9d6ff57378e5b7dbd3357a8be6027b414a");
}

BOOST_AUTO_TEST_CASE(temporary_keys_sign_their_token_too)
{
    auto request = ecr_request();
    auto keys = suite_keys;
    keys.session_token = "TOKEN";
    sign(request, keys, {"us-east-1", "ecr"}, new_year);
    BOOST_TEST(request.headers.find("X-Amz-Security-Token").value() == "TOKEN");
    BOOST_TEST(signature_in(std::string{request.headers.find("Authorization").value()}) ==
               "56c337e5998650f33074a8cf477b42dc98537e2f344cb3a4fe896b128cc2563b");
}

BOOST_AUTO_TEST_CASE(s3_takes_a_path_as_it_is_and_wants_the_hash_of_the_body)
{
    net::Request request{.url = net::Url::parse("https://examplebucket.s3.amazonaws.com/test.txt"),
                         .headers = {{"Range", "bytes=0-9"}}};
    sign(request, {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""},
         {"us-east-1", "s3"}, parse_rfc3339("2013-05-24T00:00:00Z"));
    BOOST_TEST(signature_in(std::string{request.headers.find("Authorization").value()}) ==
               "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

BOOST_AUTO_TEST_CASE(an_escaped_path_of_s3_is_not_escaped_again)
{
    net::Request request{
        .method = net::Method::put,
        .url = net::Url::parse("https://examplebucket.s3.amazonaws.com/test%24file.text"),
        .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
        .body = std::string{"Welcome to Amazon S3."}};
    sign(request, {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""},
         {"us-east-1", "s3"}, parse_rfc3339("2013-05-24T00:00:00Z"));
    BOOST_TEST(signature_in(std::string{request.headers.find("Authorization").value()}) ==
               "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

BOOST_AUTO_TEST_CASE(a_port_that_is_not_the_schemes_own_belongs_to_the_host)
{
    net::Request request{.url = net::Url::parse("http://127.0.0.1:4566/")};
    sign(request, suite_keys, {"us-east-1", "ecr"}, new_year);
    const Signable same{
        "GET", "/", "", {{"Host", "127.0.0.1:4566"}, {"X-Amz-Date", "20260101T000000Z"}}, sha256("").hex()};
    BOOST_TEST(request.headers.find("Authorization").value() ==
               authorization(same, suite_keys, {"us-east-1", "ecr"}, new_year));
}
