// The dance with tokens, seen from a client.
#include "auth/base64.hh"
#include "fixture.hh"
#include <thread>

using namespace mica;
using namespace mica::test;
using Login = FakeRegistryOptions::Login;

namespace {
std::string auth_encoded(const std::string &text)
{
    return auth::base64_encode(text);
}
} // namespace

namespace {
const std::string document = R"({"schemaVersion":2})";
const std::string type = "application/vnd.oci.image.manifest.v1+json";
} // namespace

BOOST_AUTO_TEST_CASE(anonymous_tokens_are_fetched_once)
{
    Fixture f{{.login = Login::bearer}};
    f.registry.add_manifest("a", "1", document, type);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(f.client->manifest(f.image("a:1"), {}).has_value());
    BOOST_TEST(f.registry.count("GET", "/token") == 1U);
    BOOST_TEST(f.registry.count("GET", "/manifests/") == 4U); // the first one met the challenge
}

BOOST_AUTO_TEST_CASE(a_login_goes_to_the_token_server_and_nowhere_else)
{
    Fixture f{{.login = Login::bearer, .user = "me", .password = "pass:word"}, basic("me", "pass:word")};
    f.registry.add_manifest("a", "1", document, type);
    BOOST_TEST(f.client->manifest(f.image("a:1"), {}).has_value());
    for (const auto &request : f.registry.log())
        BOOST_TEST(request.authorization.starts_with("Basic") == request.target.starts_with("/token"));
}

BOOST_AUTO_TEST_CASE(a_pull_asks_to_pull_and_a_push_to_push)
{
    Fixture f{{.login = Login::bearer}};
    MemoryBlobs blobs;
    const auto blob = blobs.add("x");
    BOOST_TEST(!f.client->has_blob(f.image("a"), blob.digest, {}));
    f.client->put_blob(f.image("a"), blob, blobs, {});
    BOOST_TEST(f.registry.count("GET", "scope=repository%3Aa%3Apull&") +
                   f.registry.count("GET", "scope=repository%3Aa%3Apull") >=
               1U);
    BOOST_TEST(f.registry.count("GET", "scope=repository%3Aa%3Apull%2Cpush") == 1U);
}

BOOST_AUTO_TEST_CASE(threads_share_one_token)
{
    Fixture f{{.login = Login::bearer}};
    f.registry.add_manifest("a", "1", document, type);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] { static_cast<void>(f.client->manifest(f.image("a:1"), {})); });
    }
    BOOST_TEST(f.registry.count("GET", "/token") == 1U);
    BOOST_TEST(f.login.asked == 1);
}

BOOST_AUTO_TEST_CASE(an_expired_token_is_renewed_before_it_is_sent)
{
    Fixture f{{.login = Login::bearer, .token_seconds = 0}};
    f.registry.add_manifest("a", "1", document, type);
    static_cast<void>(f.client->manifest(f.image("a:1"), {}));
    static_cast<void>(f.client->manifest(f.image("a:1"), {}));
    BOOST_TEST(f.registry.count("GET", "/token") == 2U);
    BOOST_TEST(f.registry.count("GET", "/manifests/") == 3U);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_exchanged_by_post)
{
    Fixture f{{.login = Login::bearer, .user = "x", .refresh_token = "re/fresh+="},
              auth::Credential{auth::IdentityToken{"re/fresh+="}, "t"}};
    f.registry.add_manifest("a", "1", document, type);
    BOOST_TEST(f.client->manifest(f.image("a:1"), {}).has_value());
    BOOST_TEST(f.registry.count("POST", "/token") == 1U);
}

BOOST_AUTO_TEST_CASE(basic_is_sent_at_once_after_the_first_challenge)
{
    Fixture f{{.login = Login::basic, .user = "me", .password = "secret"}, basic("me", "secret")};
    f.registry.add_manifest("a", "1", document, type);
    static_cast<void>(f.client->manifest(f.image("a:1"), {}));
    static_cast<void>(f.client->manifest(f.image("a:1"), {}));
    BOOST_TEST(f.registry.log().size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_is_told_without_being_shown)
{
    for (const auto kind : {Login::basic, Login::bearer}) {
        Fixture f{{.login = kind, .user = "me", .password = "right"}, basic("me", "s3cret-wrong")};
        const auto error = error_of([&] { static_cast<void>(f.client->manifest(f.image("a:1"), {})); });
        BOOST_TEST((error.kind() == ErrorKind::denied));
        BOOST_TEST(says(error, "login from a test"));
        BOOST_TEST(!says(error, "s3cret"));
        BOOST_TEST(!says(error, auth_encoded("me:s3cret-wrong")));
        BOOST_TEST(f.registry.log().size() <= 4U);
    }
}

BOOST_AUTO_TEST_CASE(a_missing_login_is_told)
{
    Fixture f{{.login = Login::basic, .user = "me", .password = "right"}};
    const auto error = error_of([&] { static_cast<void>(f.client->manifest(f.image("a:1"), {})); });
    BOOST_TEST((error.kind() == ErrorKind::denied));
    BOOST_TEST(says(error, "without a login"));
    BOOST_TEST(says(error, "docker login"));
}

BOOST_AUTO_TEST_CASE(a_mount_asks_for_both_repositories_at_once)
{
    Fixture f{{.login = Login::bearer}};
    MemoryBlobs blobs;
    const auto blob = blobs.add("x");
    f.registry.add_blob("base", "x");
    blobs.from = f.image("base");
    BOOST_TEST((f.client->put_blob(f.image("a"), blob, blobs, {}) == registry::BlobPlacement::mounted));
    BOOST_TEST(f.registry.count("GET", "scope=repository%3Aa%3Apull%2Cpush&scope=repository%3Abase%3Apull") ==
               1U);
}
