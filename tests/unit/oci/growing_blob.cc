#include "oci/growing_blob.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include "oci/layout.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>

using namespace mica;
using namespace mica::test;
using oci::GrowingBlob;

namespace {

struct Writing {
    void write(const std::string &bytes) { writer->write(as_bytes(bytes)); }

    TemporaryDirectory directory;
    std::shared_ptr<oci::Layout> store = oci::Layout::open_or_create(directory / "store");
    std::unique_ptr<oci::BlobWriter> writer = store->create();
    std::shared_ptr<const GrowingBlob> growing = writer->growing();
};

std::string text_of(Source &source)
{
    std::string text(100, '\0');
    text.resize(source.read(std::as_writable_bytes(std::span{text})));
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(growing_blob)

BOOST_FIXTURE_TEST_CASE(shows_how_much_is_there, Writing)
{
    write("abc");
    const auto state = growing->wait_beyond(2, {});
    BOOST_TEST(state.size == 3U);
    BOOST_TEST(!state.whole.has_value());
}

BOOST_FIXTURE_TEST_CASE(what_was_written_before_anybody_asked_counts, Writing)
{
    const auto other = store->create();
    other->write(as_bytes(std::string{"abc"}));
    BOOST_TEST(other->growing()->wait_beyond(0, {}).size == 3U);
}

BOOST_FIXTURE_TEST_CASE(a_part_is_read_from_where_it_begins, Writing)
{
    write("abcdef");
    BOOST_TEST(text_of(*GrowingBlob::part(growing, 2, 3)) == "cde");
}

BOOST_FIXTURE_TEST_CASE(its_end_has_the_digest, Writing)
{
    write("abc");
    writer->finish();
    (void)writer->commit();
    const auto state = growing->wait_beyond(3, {});
    BOOST_TEST((state.whole.value().digest == sha256("abc")));
    BOOST_TEST(state.whole->size == 3U);
}

BOOST_FIXTURE_TEST_CASE(it_outlives_its_writer, Writing)
{
    write("abc");
    writer->finish();
    (void)writer->commit();
    writer.reset();
    BOOST_TEST(growing->whole().has_value());
    BOOST_TEST(text_of(*GrowingBlob::part(growing, 0, 3)) == "abc");
}

BOOST_FIXTURE_TEST_CASE(a_writer_that_is_dropped_abandons_it, Writing)
{
    std::jthread dropping{[&] { writer.reset(); }};
    BOOST_CHECK_THROW((void)growing->wait_beyond(0, {}), Cancelled);
}

BOOST_FIXTURE_TEST_CASE(waiting_can_be_stopped, Writing)
{
    std::stop_source stop;
    std::jthread stopping{[&] { stop.request_stop(); }};
    BOOST_CHECK_THROW((void)growing->wait_beyond(0, stop.get_token()), Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
