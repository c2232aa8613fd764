#include "fixture.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

using namespace mica;
using namespace mica::test;
using registry::BlobPlacement;
namespace data = boost::unit_test::data;

namespace {

const std::string bytes = pattern(2'500'000);

struct Upload : Fixture {
    explicit Upload(FakeRegistryOptions fake = {}, std::optional<auth::Credential> known = std::nullopt,
                    registry::Options options = {})
        : Fixture{std::move(fake), std::move(known), std::move(options)}, blob{blobs.add(bytes)}
    {
    }
    BlobPlacement put(const std::string &repository = "a")
    {
        return client->put_blob(image(repository), blob, blobs, {});
    }
    [[nodiscard]] bool arrived(const std::string &repository = "a") const
    {
        return registry.blob(repository, blob.digest.str()) == bytes;
    }

    MemoryBlobs blobs;
    oci::Descriptor blob;
};

} // namespace

BOOST_DATA_TEST_CASE(a_blob_is_uploaded_in_one_piece, data::make({false, true}), absolute)
{
    Upload f{{.absolute_locations = absolute}};
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.registry.log().size() == 3U); // HEAD, POST, PUT
}

BOOST_AUTO_TEST_CASE(an_empty_blob_is_uploaded)
{
    Fixture f;
    MemoryBlobs blobs;
    f.client->put_blob(f.image("a"), blobs.add(""), blobs, {});
    BOOST_TEST(f.registry.blob("a", sha256("").str()).value() == "");
}

BOOST_AUTO_TEST_CASE(what_is_there_is_not_sent)
{
    Upload f;
    f.registry.add_blob("a", bytes);
    BOOST_TEST((f.put() == BlobPlacement::present));
    BOOST_TEST(f.blobs.opened == 0);
}

BOOST_AUTO_TEST_CASE(what_was_sent_is_not_asked_about_again)
{
    Upload f;
    f.put();
    const auto requests = f.registry.log().size();
    BOOST_TEST((f.put() == BlobPlacement::present));
    BOOST_TEST(f.registry.log().size() == requests);
}

BOOST_AUTO_TEST_CASE(a_blob_of_the_same_registry_is_mounted)
{
    Upload f;
    f.registry.add_blob("base", bytes);
    f.blobs.from = f.image("base");
    BOOST_TEST((f.put() == BlobPlacement::mounted));
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.blobs.opened == 0);
    BOOST_TEST(f.registry.count("POST", "mount=" + std::string{"sha256%3A"} + f.blob.digest.hex() +
                                            "&from=base") == 1U);
}

BOOST_AUTO_TEST_CASE(a_mount_that_is_not_done_goes_on_as_an_upload)
{
    Upload f{{.mounts = false}};
    f.registry.add_blob("base", bytes);
    f.blobs.from = f.image("base");
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST(f.registry.count("POST", "/blobs/uploads/") == 1U); // the session of the mount is used
}

BOOST_DATA_TEST_CASE(a_mount_that_fails_does_no_harm, data::make({403, 400, 500, 405}), status)
{
    Upload f;
    f.registry.add_blob("base", bytes);
    f.blobs.from = f.image("base");
    f.registry.fail({.method = "POST", .target = "mount=", .response = {.status = status}});
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST(f.arrived());
}

BOOST_AUTO_TEST_CASE(another_registry_cannot_be_mounted_from)
{
    Upload f;
    f.blobs.from = oci::Reference::parse("other.example/base:1");
    f.put();
    BOOST_TEST(f.registry.count("POST", "mount=") == 0U);
}

BOOST_AUTO_TEST_CASE(a_second_repository_gets_what_the_first_one_got_by_mount)
{
    Upload f;
    f.put("first");
    BOOST_TEST((f.put("second") == BlobPlacement::mounted));
    BOOST_TEST(f.arrived("second"));
}

BOOST_AUTO_TEST_CASE(a_cut_upload_is_sent_again)
{
    Upload f;
    f.registry.fail({.method = "PUT", .target = "/blobs/uploads/", .take = 100'000});
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.blobs.opened == 2);
}

BOOST_AUTO_TEST_CASE(a_failed_upload_is_begun_anew)
{
    Upload f;
    f.registry.fail({.method = "PUT", .target = "/blobs/uploads/", .response = {.status = 502}});
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.registry.count("POST", "/blobs/uploads/") == 2U);
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_lost_is_found_out)
{
    Upload f;
    f.registry.fail({.method = "PUT", .target = "/blobs/uploads/", .after = true});
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST(f.registry.count("POST", "/blobs/uploads/") == 1U);
}

BOOST_AUTO_TEST_CASE(a_forgotten_session_is_begun_anew)
{
    Upload f;
    f.registry.fail({.method = "PUT",
                     .target = "/blobs/uploads/",
                     .response = {.status = 404, .body = R"({"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]})"}});
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST(f.arrived());
}

BOOST_AUTO_TEST_CASE(a_missing_repository_is_not_tried_again)
{
    Upload f;
    f.registry.fail(
        {.method = "POST",
         .target = "/blobs/uploads/",
         .times = 9,
         .response = {
             .status = 404,
             .body =
                 R"({"errors":[{"code":"NAME_UNKNOWN","message":"The repository with name 'a' does not exist"}]})"}});
    const auto error = error_of([&] { f.put(); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
    BOOST_TEST(says(error, "does not exist"));
    BOOST_TEST(f.registry.count("POST", "/blobs/uploads/") == 1U);
}

BOOST_AUTO_TEST_CASE(a_denied_push_is_not_tried_again)
{
    Upload f;
    f.registry.fail({.method = "POST",
                     .target = "/blobs/uploads/",
                     .times = 9,
                     .response = {.status = 403, .body = "no"}});
    BOOST_TEST((error_of([&] { f.put(); }).kind() == ErrorKind::denied));
    BOOST_TEST(f.registry.count("POST", "/blobs/uploads/") == 1U);
}

BOOST_AUTO_TEST_CASE(an_upload_without_location_is_an_error)
{
    Upload f;
    f.registry.fail({.method = "POST", .target = "/blobs/uploads/", .response = {.status = 202}});
    BOOST_TEST(says(error_of([&] { f.put(); }), "no Location"));
}

BOOST_AUTO_TEST_CASE(an_upload_that_is_moved_is_sent_there_without_the_login)
{
    std::string arrived, authorization = "unset";
    HttpServer storage{[&](const HttpRequest &request) {
        arrived = request.body;
        authorization = request.header("Authorization");
        return HttpResponse{.status = 201};
    }};
    Upload f{{.login = FakeRegistryOptions::Login::basic, .user = "me", .password = "p"}, basic("me", "p")};
    f.registry.fail({.method = "PUT",
                     .target = "/blobs/uploads/",
                     .response = {.status = 307, .headers = {{"Location", storage.url() + "/x"}}}});
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST((arrived == bytes));
    BOOST_TEST(authorization == "");
}

BOOST_AUTO_TEST_CASE(a_damaged_blob_is_not_uploaded)
{
    class Damaged final : public oci::BlobReader {
    public:
        [[nodiscard]] std::unique_ptr<Source> open(const oci::Descriptor &blob,
                                                   const std::stop_token &) const override
        {
            return std::make_unique<VerifyingSource>(
                std::make_unique<StringSource>(std::string(blob.size, 'x')), blob.digest, blob.size);
        }
    };
    Fixture f;
    MemoryBlobs blobs;
    const auto blob = blobs.add(bytes);
    const auto error = error_of([&] { f.client->put_blob(f.image("a"), blob, Damaged{}, {}); });
    BOOST_TEST((error.kind() == ErrorKind::integrity));
    BOOST_TEST(!f.registry.blob("a", blob.digest.str()).has_value());
}

BOOST_AUTO_TEST_CASE(a_token_that_ends_on_the_way_is_renewed)
{
    Upload f{{.login = FakeRegistryOptions::Login::bearer}};
    // The server refuses the token of the PUT once, though by its own account it is good.
    f.registry.fail(
        {.method = "PUT",
         .target = "/blobs/uploads/",
         .response = {.status = 401,
                      .headers = {{"WWW-Authenticate", "Bearer realm=\"http://" + f.registry.host() +
                                                           "/token\",service=\"other\""}}}});
    BOOST_TEST((f.put() == BlobPlacement::uploaded));
    BOOST_TEST(f.arrived());
}

BOOST_AUTO_TEST_CASE(a_registry_that_is_down_is_asked_as_often_as_the_policy_says)
{
    Upload f;
    f.registry.fail(
        {.method = "POST", .target = "/blobs/uploads/", .times = 100, .response = {.status = 503}});
    BOOST_TEST((error_of([&] { f.put(); }).kind() == ErrorKind::network));
    BOOST_TEST(f.registry.count("POST", "/blobs/uploads/") == 4U);
}
