#include "fixture.hh"
#include <thread>

using namespace mica;
using namespace mica::test;

namespace {
const std::string document =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0},"layers":[]})";
const std::string type = "application/vnd.oci.image.manifest.v1+json";
const std::string other_digest = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

registry::RawManifest raw()
{
    return {{.media_type = oci::MediaType::oci_manifest, .digest = sha256(document), .size = document.size()},
            document};
}
} // namespace

BOOST_AUTO_TEST_CASE(a_manifest_by_tag_and_by_digest)
{
    Fixture f;
    const auto digest = f.registry.add_manifest("a/b", "1", document, type);
    for (const auto *name : {"a/b:1", "a/b@"}) {
        const auto key = std::string{name} + (std::string{name}.ends_with('@') ? digest : "");
        const auto manifest = f.client->manifest(f.image(key), {});
        BOOST_REQUIRE(manifest.has_value());
        BOOST_TEST(manifest->bytes == document);
        BOOST_TEST(manifest->descriptor.digest.str() == digest);
        BOOST_TEST((manifest->descriptor.media_type == oci::MediaType::oci_manifest));
        BOOST_TEST(manifest->descriptor.size == document.size());
    }
}

BOOST_AUTO_TEST_CASE(no_such_manifest_is_no_error)
{
    Fixture f;
    BOOST_TEST(!f.client->manifest(f.image("a:1"), {}).has_value());
}

BOOST_AUTO_TEST_CASE(all_types_are_accepted)
{
    Fixture f;
    std::string accept;
    f.registry.watch([&](const HttpRequest &request) { accept = request.header("Accept"); });
    static_cast<void>(f.client->manifest(f.image("a:1"), {}));
    for (const auto *name :
         {"oci.image.index.v1", "oci.image.manifest.v1", "manifest.list.v2", "distribution.manifest.v2"})
        BOOST_TEST(accept.find(name) != std::string::npos, name);
}

BOOST_AUTO_TEST_CASE(a_type_that_the_registry_does_not_tell_is_read_from_the_document)
{
    Fixture f;
    f.registry.add_manifest("a", "1", document, "application/json");
    BOOST_TEST(
        (f.client->manifest(f.image("a:1"), {})->descriptor.media_type == oci::MediaType::oci_manifest));
}

BOOST_AUTO_TEST_CASE(bytes_of_another_digest_are_refused)
{
    Fixture f;
    f.registry.fail({.method = "GET",
                     .target = "/manifests/",
                     .response = {.headers = {{"Content-Type", type}}, .body = document}});
    const auto error =
        error_of([&] { static_cast<void>(f.client->manifest(f.image("a@" + other_digest), {})); });
    BOOST_TEST((error.kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(bytes_of_another_digest_than_promised_are_refused)
{
    Fixture f;
    f.registry.fail(
        {.method = "GET",
         .target = "/manifests/",
         .response = {.headers = {{"Content-Type", type}, {"Docker-Content-Digest", other_digest}},
                      .body = document}});
    const auto error = error_of([&] { static_cast<void>(f.client->manifest(f.image("a:1"), {})); });
    BOOST_TEST((error.kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(an_endless_manifest_is_refused)
{
    Fixture f;
    f.registry.add_manifest("a", "1", std::string((4 << 20) + 1, ' '), type);
    const auto error = error_of([&] { static_cast<void>(f.client->manifest(f.image("a:1"), {})); });
    BOOST_TEST((error.kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(what_passes_is_tried_again)
{
    Fixture f;
    f.registry.add_manifest("a", "1", document, type);
    f.registry.fail({.method = "GET", .target = "/manifests/", .response = {.status = 503}});
    f.registry.fail({.method = "GET", .target = "/manifests/", .response = {.hang_up = true}});
    f.registry.fail(
        {.method = "GET", .target = "/manifests/", .response = {.body = document, .cut_after = 5}});
    BOOST_TEST(f.client->manifest(f.image("a:1"), {}).has_value());
    BOOST_TEST(f.registry.count("GET", "/manifests/") >= 4U);
}

BOOST_AUTO_TEST_CASE(what_never_passes_ends_with_the_number_of_attempts)
{
    Fixture f;
    f.registry.fail({.method = "GET",
                     .target = "/manifests/",
                     .times = 100,
                     .response = {.status = 500, .body = "broken inside"}});
    const auto error = error_of([&] { static_cast<void>(f.client->manifest(f.image("a:1"), {})); });
    BOOST_TEST(says(error, "broken inside"));
    BOOST_TEST(says(error, "after 4 attempts"));
    BOOST_TEST(f.registry.count("GET", "/manifests/") == 4U);
}

BOOST_AUTO_TEST_CASE(retry_after_is_waited_for)
{
    Fixture f;
    f.registry.add_manifest("a", "1", document, type);
    f.registry.fail({.method = "GET",
                     .target = "/manifests/",
                     .response = {.status = 429, .headers = {{"Retry-After", "1"}}}});
    const auto start = std::chrono::steady_clock::now();
    BOOST_TEST(f.client->manifest(f.image("a:1"), {}).has_value());
    BOOST_TEST((std::chrono::steady_clock::now() - start >= std::chrono::seconds{1}));
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_waiting)
{
    Fixture f;
    f.registry.fail({.method = "GET",
                     .target = "/manifests/",
                     .times = 100,
                     .response = {.status = 429, .headers = {{"Retry-After", "1"}}}});
    std::stop_source source;
    const std::jthread stopper{[&] {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        source.request_stop();
    }};
    BOOST_CHECK_THROW(static_cast<void>(f.client->manifest(f.image("a:1"), source.get_token())), Cancelled);
}

BOOST_AUTO_TEST_CASE(a_manifest_is_put_under_its_tag)
{
    Fixture f;
    f.client->put_manifest(f.image("a:1"), raw(), {});
    BOOST_TEST(f.registry.manifest("a", "1").value() == document);
}

BOOST_AUTO_TEST_CASE(an_unchangeable_tag_with_the_same_digest_is_no_error)
{
    Fixture f;
    f.registry.add_manifest("a", "1", document, type);
    const HttpResponse immutable{
        .status = 400,
        .body =
            R"({"errors":[{"code":"TAG_INVALID","message":"The image tag '1' already exists and cannot be overwritten because the tag is immutable."}]})"};
    f.registry.fail({.method = "PUT", .target = "/manifests/", .times = 2, .response = immutable});
    f.client->put_manifest(f.image("a:1"), raw(), {});
    f.registry.add_manifest("a", "1", document + " ", type);
    const auto error = error_of([&] { f.client->put_manifest(f.image("a:1"), raw(), {}); });
    BOOST_TEST(says(error, "push under a new tag"));
}

BOOST_AUTO_TEST_CASE(a_manifest_stored_under_another_digest_is_an_error)
{
    Fixture f;
    f.registry.fail({.method = "PUT",
                     .target = "/manifests/",
                     .response = {.status = 201, .headers = {{"Docker-Content-Digest", other_digest}}}});
    BOOST_TEST((error_of([&] { f.client->put_manifest(f.image("a:1"), raw(), {}); }).kind() ==
                ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(nobody_listens_at_the_registry)
{
    FixedLogin login{std::nullopt};
    const auto client = registry::make_client(quick(), login);
    std::string host;
    {
        FakeRegistry gone;
        host = gone.host();
    }
    const auto error =
        error_of([&] { static_cast<void>(client->manifest(oci::Reference::parse(host + "/a:1"), {})); });
    BOOST_TEST((error.kind() == ErrorKind::network));
    BOOST_TEST(says(error, "is a registry listening at " + host));
}
