#include "registry/growing_upload.hh"

#include "fixture.hh"
#include "oci/layout.hh"
#include "support/temporary_directory.hh"
#include <thread>

using namespace mica;
using namespace mica::test;
using registry::BlobPlacement;

namespace {

constexpr std::size_t piece = 1'000'000;

struct Growing : Fixture {
    explicit Growing(FakeRegistryOptions fake = {}, std::optional<std::uint64_t> chunk = piece)
        : Fixture{std::move(fake), std::nullopt, {.upload_chunk_size = chunk}}, growing{writer->growing()}
    {
    }
    void write(std::size_t size)
    {
        const auto part = pattern(size, static_cast<unsigned>(bytes.size()));
        bytes += part;
        writer->write(as_bytes(part));
    }
    [[nodiscard]] Digest end()
    {
        writer->finish();
        return writer->commit().digest;
    }
    [[nodiscard]] auto put(const std::stop_token &stop = {})
    {
        return client->put_growing_blob(image("a"), growing, stop);
    }
    [[nodiscard]] bool arrived() const { return registry.blob("a", sha256(bytes).str()) == bytes; }
    [[nodiscard]] std::vector<std::size_t> pieces() const
    {
        std::vector<std::size_t> sizes;
        for (const auto &request : registry.log())
            if (request.method == "PATCH" || request.method == "PUT")
                sizes.push_back(request.body);
        return sizes;
    }
    void wait_for_pieces(std::size_t count) const
    {
        while (registry.count("PATCH", "") < count)
            std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }

    TemporaryDirectory directory;
    std::shared_ptr<oci::Layout> store = oci::Layout::open_or_create(directory / "store");
    std::unique_ptr<oci::BlobWriter> writer = store->create();
    std::shared_ptr<const oci::GrowingBlob> growing;
    std::string bytes;
};

} // namespace

BOOST_AUTO_TEST_CASE(what_is_written_is_sent_before_the_end)
{
    Growing f;
    std::optional<BlobPlacement> placement;
    std::jthread sending{[&] { placement = f.put(); }};
    f.write(2'500'000);
    f.wait_for_pieces(2); // nobody has named the blob yet
    f.write(200'000);
    (void)f.end();
    sending.join();
    BOOST_TEST((placement == BlobPlacement::uploaded));
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.pieces() == (std::vector<std::size_t>{piece, piece, 700'000}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_closing_request_always_has_bytes)
{
    Growing f;
    std::jthread sending{[&] { (void)f.put(); }};
    f.write(piece + 1);
    f.wait_for_pieces(1);
    (void)f.end();
    sending.join();
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.pieces() == (std::vector<std::size_t>{piece, 1}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_small_blob_is_left_to_the_ordinary_way)
{
    Growing f;
    f.write(piece);
    (void)f.end();
    BOOST_TEST(!f.put().has_value());
    BOOST_TEST(f.registry.count("POST", "") == 0U);
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_in_pieces_where_that_is_forbidden)
{
    Growing f{{}, 0};
    f.write(std::size_t{17} << 20);
    BOOST_TEST(!f.put().has_value());
    BOOST_TEST(f.registry.count("POST", "") == 0U);
}

BOOST_AUTO_TEST_CASE(several_pieces_that_wait_go_in_one_request)
{
    Growing f{{}, std::nullopt};
    const std::size_t mebibyte = 1024 * 1024;
    f.write(16 * mebibyte + 2);
    std::jthread sending{[&] { (void)f.put(); }};
    f.wait_for_pieces(1);
    (void)f.end();
    sending.join();
    BOOST_TEST(f.arrived());
    BOOST_TEST(f.pieces() == (std::vector<std::size_t>{16 * mebibyte, 2}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(amazons_parts_have_one_size)
{
    Growing f{{.ecr = true, .least_part = piece}};
    std::jthread sending{[&] { (void)f.put(); }};
    for (int i = 0; i < 7; ++i)
        f.write(450'000);
    f.wait_for_pieces(3);
    (void)f.end();
    sending.join();
    BOOST_TEST(f.arrived());
}

BOOST_AUTO_TEST_CASE(the_registrys_least_piece_is_heeded)
{
    Growing f{{.least_part = 1'500'000, .chunk_minimum = "1500000"}};
    std::jthread sending{[&] { (void)f.put(); }};
    f.write(3'200'000);
    f.wait_for_pieces(2);
    (void)f.end();
    sending.join();
    BOOST_TEST(f.arrived());
}

BOOST_AUTO_TEST_CASE(a_blob_that_turns_out_to_be_there_is_dropped)
{
    Growing f;
    std::optional<BlobPlacement> placement;
    std::jthread sending{[&] { placement = f.put(); }};
    f.write(1'200'000);
    f.wait_for_pieces(1);
    f.registry.add_blob("a", f.bytes);
    (void)f.end();
    sending.join();
    BOOST_TEST((placement == BlobPlacement::present));
    BOOST_TEST(f.registry.count("PUT", "") == 0U);
    BOOST_TEST(f.registry.count("DELETE", "/uploads/") == 1U);
}

BOOST_AUTO_TEST_CASE(a_failure_gives_up_and_the_whole_blob_can_be_sent)
{
    Growing f;
    f.registry.fail({.method = "PATCH", .target = "", .response = {.status = 500}});
    f.write(2'500'000);
    BOOST_CHECK_THROW((void)f.put(), Error);
    BOOST_TEST(f.registry.count("DELETE", "/uploads/") == 1U);
    const oci::Descriptor blob{oci::MediaType::oci_layer, f.end(), f.bytes.size()};
    f.client->put_blob(f.image("a"), blob, *f.store, {});
    BOOST_TEST(f.arrived());
}

BOOST_AUTO_TEST_CASE(a_part_that_is_taken_only_is_a_failure)
{
    Growing f{{.most_taken = 400'000}};
    f.write(2'500'000);
    BOOST_CHECK_THROW((void)f.put(), Error);
}

BOOST_AUTO_TEST_CASE(an_abandoned_blob_ends_it)
{
    Growing f;
    std::jthread ending{[&] {
        f.wait_for_pieces(1);
        f.writer.reset();
    }};
    f.write(1'200'000);
    BOOST_CHECK_THROW((void)f.put(), Cancelled);
    BOOST_TEST(f.registry.count("PUT", "") == 0U);
}

BOOST_AUTO_TEST_CASE(it_can_be_stopped_while_it_waits)
{
    Growing f;
    std::stop_source stop;
    std::jthread ending{[&] {
        f.wait_for_pieces(1);
        stop.request_stop();
    }};
    f.write(1'200'000);
    BOOST_CHECK_THROW((void)f.put(stop.get_token()), Cancelled);
}
