#include "registry/chunked_upload.hh"

#include "fixture.hh"

using namespace mica;
using namespace mica::test;
using registry::BlobPlacement;

namespace {

constexpr std::size_t chunk = 1'000'000;
const std::string bytes = pattern(3'500'000);

struct Chunked : Fixture {
    explicit Chunked(FakeRegistryOptions fake = {})
        : Fixture{std::move(fake), std::nullopt, {.upload_chunk_size = chunk}}, blob{blobs.add(bytes)}
    {
    }
    void put() { BOOST_TEST((client->put_blob(image("a"), blob, blobs, {}) == BlobPlacement::uploaded)); }
    [[nodiscard]] bool arrived() const { return registry.blob("a", blob.digest.str()) == bytes; }
    [[nodiscard]] std::vector<std::size_t> pieces() const
    {
        std::vector<std::size_t> sizes;
        for (const auto &request : registry.log())
            if (request.method == "PATCH" || request.method == "PUT")
                sizes.push_back(request.body);
        return sizes;
    }

    MemoryBlobs blobs;
    oci::Descriptor blob;
};

const std::vector<std::size_t> plain{chunk, chunk, chunk, 500'000};

} // namespace

BOOST_AUTO_TEST_CASE(pieces_in_order_and_the_last_one_closes)
{
    Chunked f;
    f.put();
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.pieces() == plain, boost::test_tools::per_element());
    BOOST_TEST(f.blobs.opened == 1);
}

BOOST_AUTO_TEST_CASE(a_small_blob_goes_in_one_piece)
{
    Chunked f;
    const auto small = f.blobs.add("small");
    f.client->put_blob(f.image("a"), small, f.blobs, {});
    BOOST_TEST(f.registry.count("PATCH", "") == 0U);
}

BOOST_AUTO_TEST_CASE(amazons_way_with_pieces)
{
    Chunked f{{.ecr = true, .least_part = chunk}};
    f.put();
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.pieces() == plain, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_piece_that_is_lost_is_sent_again)
{
    Chunked f;
    f.registry.fail({.method = "PATCH", .target = "_state=1", .take = 1000});
    f.registry.fail({.method = "PATCH", .target = "_state=2", .response = {.status = 503}});
    f.put();
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.registry.count("POST", "/uploads/") == 1U);
}

BOOST_AUTO_TEST_CASE(a_piece_whose_answer_is_lost_is_not_stored_twice)
{
    // The address of the next step was in the lost answer, so a registry that changes it makes the
    // client begin anew; one that goes by Content-Range tells where to go on.
    for (const bool ecr : {false, true}) {
        Chunked f{{.ecr = ecr}};
        f.registry.fail({.method = "PATCH", .target = "_state=1", .after = true});
        f.put();
        BOOST_TEST(f.arrived());
    }
}

BOOST_AUTO_TEST_CASE(a_registry_that_names_where_to_go_on_is_believed)
{
    Chunked f;
    // Says that half of the second piece is there already; it is not, so the registry is in
    // error later, and a new session has to cure it.
    f.registry.fail({.method = "PATCH",
                     .target = "_state=1",
                     .response = {.status = 416, .headers = {{"Range", "0-1499999"}}}});
    f.put();
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.pieces().at(2) == 500'000U);
}

BOOST_AUTO_TEST_CASE(what_a_registry_did_not_take_is_sent_again)
{
    Chunked f{{.most_taken = 400'000}};
    f.put();
    BOOST_TEST(f.arrived());
}

BOOST_AUTO_TEST_CASE(a_registry_may_ask_for_larger_pieces)
{
    Chunked f{{.least_part = 1'500'000, .chunk_minimum = "1500000"}};
    f.put();
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.pieces().front() == 1'500'000U);
}

BOOST_AUTO_TEST_CASE(a_registry_that_hates_pieces_gets_one)
{
    Chunked f;
    f.registry.fail({.method = "PATCH",
                     .target = "/uploads/",
                     .times = 100,
                     .response = {.status = 400, .body = R"({"errors":[{"code":"BLOB_UPLOAD_INVALID"}]})"}});
    f.put();
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.pieces().back() == bytes.size());
}

BOOST_AUTO_TEST_CASE(the_wanted_offset)
{
    using registry::wanted_offset;
    BOOST_TEST(wanted_offset({}, "First byte of the layer part is 5 instead of 10485760").value() ==
               10485760U);
    BOOST_TEST(wanted_offset(net::Headers{{"Range", "0-99"}}, "").value() == 100U);
    BOOST_TEST(wanted_offset(net::Headers{{"Range", "bytes=0-99"}}, "x").value() == 100U);
    BOOST_TEST(!wanted_offset({}, "instead of what").has_value());
    BOOST_TEST(!wanted_offset(net::Headers{{"Range", "0-"}}, "").has_value());
    BOOST_TEST(!wanted_offset(net::Headers{{"Range", "0-99999999999999999999999"}}, "").has_value());
}

BOOST_AUTO_TEST_CASE(ecr_is_sent_the_login_unasked_and_gets_pieces_by_its_name)
{
    FakeRegistry fake{
        {.login = FakeRegistryOptions::Login::basic, .user = "AWS", .password = "p", .ecr = true}};
    const auto port = fake.host().substr(fake.host().find(':'));
    const auto host = "123456789012.dkr.ecr.eu-west-1.amazonaws.com" + port;
    net::Client network{{.resolve = {host + ":127.0.0.1"}}};
    FixedLogin login{basic("AWS", "p")};
    const auto client = registry::make_client(quick({.insecure_registries = {host}}), login, network);
    MemoryBlobs blobs;
    const auto large = pattern(12 << 20);
    const auto blob = blobs.add(large);
    client->put_blob(oci::Reference::parse(host + "/a:1"), blob, blobs, {});
    BOOST_TEST((fake.blob("a", blob.digest.str()) == large));
    BOOST_TEST(fake.count("PATCH", "") == 1U);
    BOOST_TEST(fake.log().front().authorization.starts_with("Basic "));
}
