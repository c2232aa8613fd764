#include "fixture.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

using namespace mica;
using namespace mica::test;
namespace data = boost::unit_test::data;

namespace {

const std::string bytes = pattern(3'000'000);

oci::Descriptor described(const std::string &content)
{
    return {.media_type = oci::MediaType::oci_layer, .digest = sha256(content), .size = content.size()};
}

std::string fetch(Fixture &f, const oci::Descriptor &blob)
{
    const auto source = f.client->blob(f.image("a"), blob, {});
    return read_all(*source);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_blob_is_read)
{
    Fixture f;
    f.registry.add_blob("a", bytes);
    BOOST_TEST((fetch(f, described(bytes)) == bytes));
    BOOST_TEST(f.client->has_blob(f.image("a"), sha256(bytes), {}));
}

BOOST_AUTO_TEST_CASE(no_such_blob)
{
    Fixture f;
    BOOST_TEST((error_of([&] { fetch(f, described(bytes)); }).kind() == ErrorKind::not_found));
    BOOST_TEST(!f.client->has_blob(f.image("a"), sha256(bytes), {}));
}

BOOST_AUTO_TEST_CASE(a_redirect_to_the_storage_gets_no_login)
{
    Fixture f{
        {.login = FakeRegistryOptions::Login::basic, .user = "me", .password = "p", .blobs_elsewhere = true},
        basic("me", "p")};
    f.registry.add_blob("a", bytes);
    BOOST_TEST((fetch(f, described(bytes)) == bytes));
    BOOST_TEST(f.client->has_blob(f.image("a"), sha256(bytes), {}));
    BOOST_TEST(f.registry.count("HEAD", "/storage/") == 0U);
}

BOOST_DATA_TEST_CASE(a_cut_connection_is_resumed, data::make({true, false}) * data::make({true, false}),
                     ranges, elsewhere)
{
    Fixture f{{.blobs_elsewhere = elsewhere, .ranges = ranges}};
    f.registry.add_blob("a", bytes);
    const std::string target = elsewhere ? "/storage/" : "/blobs/";
    f.registry.fail({.method = "GET", .target = target, .response = {.body = bytes, .cut_after = 1'000'000}});
    BOOST_TEST((fetch(f, described(bytes)) == bytes));
    // The rest is always asked of the registry: the address of the storage may have ended.
    BOOST_TEST(f.registry.count("GET", "/v2/a/blobs/") == 2U);
    BOOST_TEST(!f.registry.log().back().range.empty());
}

BOOST_AUTO_TEST_CASE(an_end_without_notice_is_a_break_too)
{
    Fixture f;
    f.registry.add_blob("a", bytes);
    f.registry.fail({.method = "GET",
                     .target = "/blobs/",
                     .response = {.body = bytes.substr(0, 500'000), .until_close = true}});
    BOOST_TEST((fetch(f, described(bytes)) == bytes));
    BOOST_TEST(f.registry.log().back().range == "bytes=500000-");
}

BOOST_AUTO_TEST_CASE(no_progress_ends_it)
{
    Fixture f;
    f.registry.add_blob("a", bytes);
    f.registry.fail({.method = "GET", .target = "/blobs/", .response = {.body = bytes, .cut_after = 1000}});
    f.registry.fail({.method = "GET", .target = "/blobs/", .times = 100});
    const auto error = error_of([&] { fetch(f, described(bytes)); });
    BOOST_TEST((error.kind() == ErrorKind::network));
    BOOST_TEST(f.registry.count("GET", "/blobs/") == 4U); // of 4 attempts, the first brought something
}

BOOST_AUTO_TEST_CASE(wrong_bytes_are_refused)
{
    Fixture f;
    auto wrong = bytes;
    wrong.back() ^= 1;
    f.registry.fail({.method = "GET", .target = "/blobs/", .response = {.body = wrong}});
    BOOST_TEST((error_of([&] { fetch(f, described(bytes)); }).kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(a_wrong_length_is_refused_at_once)
{
    Fixture f;
    f.registry.fail({.method = "GET", .target = "/blobs/", .response = {.body = bytes + "x"}});
    BOOST_TEST((error_of([&] {
                    static_cast<void>(f.client->blob(f.image("a"), described(bytes), {}));
                }).kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(a_layer_that_must_not_be_kept_is_read_where_its_urls_say)
{
    Fixture f;
    HttpServer elsewhere{[](const HttpRequest &request) {
        BOOST_TEST(request.header("Authorization") == "");
        return HttpResponse{.body = bytes};
    }};
    auto blob = described(bytes);
    blob.urls = {elsewhere.url() + "/layer"};
    BOOST_TEST((fetch(f, blob) == bytes));
}
