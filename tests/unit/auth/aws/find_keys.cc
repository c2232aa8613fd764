#include "auth/aws/find_keys.hh"

#include "fixture.hh"
#include "support/errors.hh"

using namespace mica;
using namespace mica::auth::aws;
using namespace mica::test;

namespace {

const HttpResponse no_role{.status = 404};

} // namespace

BOOST_FIXTURE_TEST_SUITE(find_keys_suite, Machine)

BOOST_AUTO_TEST_CASE(the_environment_comes_first)
{
    variables.insert(
        {{"AWS_ACCESS_KEY_ID", "AK"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_SESSION_TOKEN", "t"}});
    file(".aws/credentials", "[default]\naws_access_key_id=other\naws_secret_access_key=s\n");
    const auto keys = find().value();
    BOOST_TEST(keys.signing.id == "AK");
    BOOST_TEST(keys.signing.session_token == "t");
    BOOST_TEST(keys.source == "the environment (AWS_ACCESS_KEY_ID)");
}

BOOST_AUTO_TEST_CASE(half_a_pair_is_an_error)
{
    variables["AWS_ACCESS_KEY_ID"] = "AK";
    BOOST_TEST(kind_of([&] { static_cast<void>(find()); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(a_web_identity_is_asked_for_without_a_signature)
{
    file("token", "jwt-text\n");
    variables.insert({{"AWS_WEB_IDENTITY_TOKEN_FILE", (home / "token").string()},
                      {"AWS_ROLE_ARN", "arn:aws:iam::1:role/ci"},
                      {"AWS_ROLE_SESSION_NAME", "gitlab-1-2"}});
    aws.on("POST /", {sts_keys("ASIA")});
    const auto keys = find().value();
    BOOST_TEST(keys.signing.id == "ASIA");
    BOOST_TEST(keys.signing.secret == "s&c");
    BOOST_TEST(keys.source == "the role arn:aws:iam::1:role/ci by AWS_WEB_IDENTITY_TOKEN_FILE");
    BOOST_CHECK(keys.expires == parse_rfc3339("2026-01-01T01:00:00Z"));
    const auto asked = aws.log().at(0);
    BOOST_TEST(asked.header("Authorization").empty());
    BOOST_TEST(contains(asked.body, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"));
    BOOST_TEST(contains(asked.body, "RoleSessionName=gitlab-1-2"));
    BOOST_TEST(asked.body.ends_with("WebIdentityToken=jwt-text"));
}

BOOST_AUTO_TEST_CASE(the_token_may_be_the_variable_itself)
{
    variables.insert({{"AWS_WEB_IDENTITY_TOKEN", "jwt"}, {"AWS_ROLE_ARN", "arn:aws:iam::1:role/ci"}});
    aws.on("POST /", {sts_keys("ASIA")});
    BOOST_TEST(find().value().source == "the role arn:aws:iam::1:role/ci by AWS_WEB_IDENTITY_TOKEN");
}

BOOST_AUTO_TEST_CASE(an_identity_provider_that_cannot_be_reached_is_asked_again)
{
    variables.insert({{"AWS_WEB_IDENTITY_TOKEN", "jwt"}, {"AWS_ROLE_ARN", "arn"}});
    aws.on("POST /", {{.status = 400, .body = "<E><Error><Code>IDPCommunicationError</Code></Error></E>"},
                      sts_keys("ASIA")});
    BOOST_TEST(find().value().signing.id == "ASIA");
    BOOST_TEST(aws.log().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_refusal_of_sts_is_told_in_its_words_and_without_the_token)
{
    variables.insert({{"AWS_WEB_IDENTITY_TOKEN", "secret-jwt"}, {"AWS_ROLE_ARN", "arn:x"}});
    aws.on("POST /", {{.status = 403,
                       .body = "<E><Error><Code>AccessDenied</Code><Message>Not authorized to perform "
                               "sts:AssumeRoleWithWebIdentity</Message></Error></E>"}});
    const auto error = error_of([&] { static_cast<void>(find()); });
    BOOST_TEST(error.kind() == ErrorKind::denied);
    BOOST_TEST(contains(error.message(), "Not authorized to perform"));
    BOOST_TEST(contains(error.hint().value(), "trust policy"));
    BOOST_TEST(!contains(error.message(), "secret-jwt"));
}

BOOST_AUTO_TEST_CASE(a_role_of_a_profile_is_assumed_with_the_keys_of_its_source)
{
    variables["AWS_PROFILE"] = "ci";
    file(".aws/config", "[profile ci]\nrole_arn=arn:ci\nsource_profile=base\nexternal_id=42\n"
                        "[profile base]\naws_access_key_id=AKB\naws_secret_access_key=s\n");
    aws.on("POST /", {sts_keys("ASIA")});
    const auto keys = find().value();
    BOOST_TEST(keys.source == "the role arn:ci of the AWS profile ci");
    const auto asked = aws.log().at(0);
    BOOST_TEST(
        contains(asked.header("Authorization"), "Credential=AKB/20260101/eu-central-1/sts/aws4_request"));
    BOOST_TEST(contains(asked.body, "ExternalId=42"));
}

BOOST_AUTO_TEST_CASE(profiles_that_lean_on_each_other_are_an_error)
{
    variables["AWS_PROFILE"] = "a";
    file(".aws/config",
         "[profile a]\nrole_arn=x\nsource_profile=b\n[profile b]\nrole_arn=y\nsource_profile=c\n"
         "[profile c]\nrole_arn=z\nsource_profile=b\n");
    BOOST_TEST(contains(error_of([&] { static_cast<void>(find()); }).message(), "leads back to itself"));
}

BOOST_AUTO_TEST_CASE(a_profile_that_is_named_must_be_there)
{
    variables["AWS_PROFILE"] = "nowhere";
    BOOST_TEST(contains(error_of([&] { static_cast<void>(find()); }).message(), "nowhere"));
}

BOOST_AUTO_TEST_CASE(a_process_gives_keys)
{
    file(".aws/config",
         "[default]\ncredential_process = /bin/sh -c \"printf "
         "'{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"AKP\\\",\\\"SecretAccessKey\\\":\\\"s\\\"}'\"\n");
    BOOST_TEST(find().value().signing.id == "AKP");
}

constexpr const char *sso_config = "[default]\nsso_session=corp\nsso_account_id=1\nsso_role_name=Dev\n"
                                   "[sso-session corp]\nsso_region=eu-west-1\nsso_start_url=https://x\n";
/// Named by the SHA-1 of "corp".
constexpr const char *sso_token = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

BOOST_AUTO_TEST_CASE(the_login_of_sso_gives_the_keys_of_a_role)
{
    file(".aws/config", sso_config);
    file(sso_token, R"({"accessToken":"at","expiresAt":"2026-01-01T02:00:00Z"})");
    aws.on("GET /federation/credentials",
           {{.body = R"({"roleCredentials":{"accessKeyId":"ASIAS","secretAccessKey":"s","sessionToken":"t",)"
                     R"("expiration":1767229200000}})"}});
    const auto keys = find().value();
    BOOST_TEST(keys.signing.id == "ASIAS");
    BOOST_CHECK(keys.expires == parse_rfc3339("2026-01-01T01:00:00Z"));
    BOOST_TEST(aws.log().at(0).header("x-amz-sso_bearer_token") == "at");
    BOOST_TEST(aws.log().at(0).parameter("role_name") == "Dev");
}

BOOST_AUTO_TEST_CASE(a_login_of_sso_that_has_ended_says_how_to_get_another)
{
    file(".aws/config", sso_config);
    file(sso_token, R"({"accessToken":"at","expiresAt":"2025-12-31T23:00:00Z"})");
    BOOST_TEST(contains(error_of([&] { static_cast<void>(find()); }).hint().value(), "aws sso login"));
    BOOST_TEST(aws.log().empty());
}

BOOST_AUTO_TEST_CASE(a_container_is_asked_with_its_token_and_not_through_a_proxy)
{
    file("token", "tok-1\n");
    variables.insert({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", aws.url() + "/v1/credentials"},
                      {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", (home / "token").string()}});
    aws.on("GET /v1/credentials", {json_keys("ASIAC")});
    ::setenv("http_proxy", "http://127.0.0.1:1", 1);
    const auto keys = find();
    ::unsetenv("http_proxy");
    BOOST_TEST(keys.value().signing.id == "ASIAC");
    BOOST_TEST(aws.log().at(0).header("Authorization") == "tok-1");
}

BOOST_AUTO_TEST_CASE(a_container_elsewhere_needs_tls)
{
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://metadata.example/x";
    BOOST_TEST(kind_of([&] { static_cast<void>(find()); }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(a_container_that_refuses_is_an_error)
{
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = aws.url() + "/v1/credentials";
    aws.on("GET /v1/credentials", {{.status = 403, .body = R"({"message":"no association"})"}});
    BOOST_TEST(contains(error_of([&] { static_cast<void>(find()); }).message(), "no association"));
}

BOOST_AUTO_TEST_CASE(an_instance_is_asked_by_version_two)
{
    aws.on("PUT /latest/api/token", {{.body = "imds"}});
    aws.on("GET /latest/meta-data/iam/security-credentials/", {{.body = "builder\n"}});
    aws.on("GET /latest/meta-data/iam/security-credentials/builder",
           {json_keys("ASIAI", R"(,"Code":"Success")")});
    const auto keys = find().value();
    BOOST_TEST(keys.source == "the instance's role builder");
    BOOST_TEST(aws.log().at(0).header("X-aws-ec2-metadata-token-ttl-seconds") == "21600");
    BOOST_TEST(aws.log().at(2).header("X-aws-ec2-metadata-token") == "imds");
}

BOOST_AUTO_TEST_CASE(an_instance_without_a_token_has_no_keys)
{
    BOOST_TEST(!find().has_value());
    BOOST_TEST(contains(why, "the metadata service gave no token"));
}

BOOST_AUTO_TEST_CASE(the_instance_is_not_asked_when_that_is_forbidden)
{
    variables["AWS_EC2_METADATA_DISABLED"] = "true";
    BOOST_TEST(!find().has_value());
    BOOST_TEST(aws.log().empty());
}

BOOST_AUTO_TEST_SUITE_END()
