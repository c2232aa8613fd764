#include "auth/aws/ecr_provider.hh"

#include "auth/base64.hh"
#include "auth/renewable.hh"
#include "fixture.hh"
#include "support/errors.hh"

using namespace mica;
using namespace mica::auth;
using namespace mica::test;

namespace {

class MovingClock final : public Clock {
public:
    [[nodiscard]] Time now() const override { return time; }
    Time time = parse_rfc3339("2026-01-01T00:00:00Z");
};

HttpResponse token(const std::string &password, const std::string &end = "1767268800") // noon
{
    return {.body = R"({"authorizationData":[{"authorizationToken":")" + base64_encode("AWS:" + password) +
                    R"(","expiresAt":)" + end + R"(.885,"proxyEndpoint":"https://x"}]})"};
}

const auto image = oci::Reference::parse("123456789012.dkr.ecr.eu-central-1.amazonaws.com/app:1");

struct Registry : Machine {
    Registry() { variables.insert({{"AWS_ACCESS_KEY_ID", "AK"}, {"AWS_SECRET_ACCESS_KEY", "s"}}); }
    std::optional<Credential> login()
    {
        if (!provider) {
            ring.emplace(network, Variables{variables}, moving);
            provider = aws::ecr_provider(*ring, bus, {});
        }
        return provider->find(image);
    }
    std::string password() { return std::get<Basic>(login().value().secret).password; }

    MovingClock moving;
    NullBus bus;
    std::optional<aws::KeyRing> ring;
    std::unique_ptr<CredentialProvider> provider;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ecr_provider_suite, Registry)

BOOST_AUTO_TEST_CASE(a_login_is_asked_for_by_a_signed_call)
{
    aws.on("POST /", {token("one")});
    const auto found = login().value();
    BOOST_TEST(std::get<Basic>(found.secret).user == "AWS");
    BOOST_TEST(std::get<Basic>(found.secret).password == "one");
    BOOST_TEST(found.source == "AWS: the environment (AWS_ACCESS_KEY_ID)");
    const auto asked = aws.log().at(0);
    BOOST_TEST(asked.header("X-Amz-Target") == "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken");
    BOOST_TEST(
        contains(asked.header("Authorization"), "Credential=AK/20260101/eu-central-1/ecr/aws4_request"));
    BOOST_TEST(asked.body == "{}");
}

BOOST_AUTO_TEST_CASE(a_login_is_kept_for_half_of_its_life)
{
    aws.on("POST /", {token("one"), token("two")});
    BOOST_TEST(password() == "one");
    moving.time += std::chrono::hours{5};
    BOOST_TEST(password() == "one");
    moving.time += std::chrono::hours{2};
    BOOST_TEST(password() == "two");
}

BOOST_AUTO_TEST_CASE(an_old_login_is_better_than_none)
{
    aws.on("POST /", {token("one"), {.status = 400, .body = R"({"__type":"ServerException"})"}});
    BOOST_TEST(password() == "one");
    moving.time += std::chrono::hours{7};
    BOOST_TEST(password() == "one");
    moving.time += std::chrono::hours{6};
    BOOST_TEST(kind_of([&] { static_cast<void>(login()); }) == ErrorKind::denied);
}

BOOST_AUTO_TEST_CASE(a_login_that_was_refused_is_not_given_again)
{
    aws.on("POST /", {token("one"), token("two")});
    const auto given = login().value();
    dynamic_cast<RenewableProvider &>(*provider).refused(image, given);
    BOOST_TEST(password() == "two");
}

BOOST_AUTO_TEST_CASE(a_missing_permission_is_named)
{
    aws.on(
        "POST /",
        {{.status = 400,
          .body = R"({"__type":"com.amazon#AccessDeniedException","message":"User: x is not authorized"})"}});
    const auto error = error_of([&] { static_cast<void>(login()); });
    BOOST_TEST(contains(error.message(), "User: x is not authorized"));
    BOOST_TEST(contains(error.hint().value(), "ecr:GetAuthorizationToken"));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_wrong_is_set_by_the_answer)
{
    aws.on("POST /", {{.status = 403,
                       .headers = {{"Date", "Thu, 01 Jan 2026 08:00:00 GMT"}},
                       .body = R"({"__type":"InvalidSignatureException","message":"Signature expired: x"})"},
                      token("one")});
    BOOST_TEST(password() == "one");
    BOOST_TEST(aws.log().at(1).header("X-Amz-Date") == "20260101T080000Z");
}

BOOST_AUTO_TEST_CASE(without_keys_the_error_says_where_they_were_looked_for)
{
    variables.erase("AWS_ACCESS_KEY_ID");
    const auto error = error_of([&] { static_cast<void>(login()); });
    BOOST_TEST(error.kind() == ErrorKind::denied);
    BOOST_TEST(contains(error.message(), "the AWS profile default"));
    BOOST_TEST(contains(error.message(), "metadata service"));
}

BOOST_AUTO_TEST_CASE(the_public_registry_needs_no_keys)
{
    variables.erase("AWS_ACCESS_KEY_ID");
    ring.emplace(network, Variables{variables}, moving);
    provider = auth::aws::ecr_provider(*ring, bus, {});
    BOOST_TEST(!provider->find(oci::Reference::parse("public.ecr.aws/x/y")).has_value());
}

BOOST_AUTO_TEST_CASE(other_registries_are_not_its_business)
{
    ring.emplace(network, Variables{variables}, moving);
    provider = auth::aws::ecr_provider(*ring, bus, {});
    BOOST_TEST(!provider->find(oci::Reference::parse("r.example/x")).has_value());
    BOOST_TEST(aws.log().empty());
}

BOOST_AUTO_TEST_SUITE_END()
