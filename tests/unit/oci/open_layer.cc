#include "oci/open_layer.hh"

#include "io/codec.hh"
#include "support/errors.hh"
#include "support/memory_store.hh"
#include "unit/oci/stored.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
using namespace mica::oci;
using mica::Compression;
using mica::ErrorKind;
using mica::read_all;
using mica::sha256;
using mica::test::kind_of;
using mica::test::MemoryStore;

namespace {

std::string compressed(Compression kind, const std::string &plain)
{
    mica::ThreadPool pool{1};
    mica::StringSink out;
    const auto sink = mica::compressor({.kind = kind, .level = {}}, out, pool);
    sink->write(mica::as_bytes(plain));
    sink->finish();
    return out.str();
}

PlacedLayer layer_of(const std::string &blob, const std::string &plain,
                     MediaType type = MediaType::oci_layer_gzip)
{
    const auto store = std::make_shared<MemoryStore>();
    return {Layer{sha256(plain), mica::test::store_blob(*store, type, blob)}, store};
}

const std::string plain(200'000, 'p');

} // namespace

BOOST_AUTO_TEST_SUITE(open_layer_)

BOOST_DATA_TEST_CASE(the_bytes_tell_the_compression, data::make({0, 1, 2}), kind)
{
    // The media type is wrong for two of the three, as it is in some registries.
    const auto layer = layer_of(compressed(static_cast<Compression>(kind), plain), plain);
    BOOST_TEST((read_all(*open_layer(layer, {})) == plain));
}

BOOST_AUTO_TEST_CASE(a_tiny_layer_is_read_whole)
{
    BOOST_TEST(read_all(*open_layer(layer_of("x", "x"), {})) == "x");
    BOOST_TEST(read_all(*open_layer(layer_of("", ""), {})) == "");
}

BOOST_AUTO_TEST_CASE(another_content_than_the_image_names_is_refused)
{
    const auto source = open_layer(layer_of(compressed(Compression::gzip, plain), "something else"), {});
    BOOST_TEST(kind_of([&] { (void)read_all(*source); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(a_cut_blob_is_refused)
{
    const auto whole = compressed(Compression::gzip, plain);
    const auto source = open_layer(layer_of(whole.substr(0, whole.size() - 4), plain), {});
    BOOST_TEST(kind_of([&] { (void)read_all(*source); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(a_stop_is_heeded)
{
    std::stop_source stop;
    const auto source = open_layer(layer_of("x", "x"), stop.get_token());
    stop.request_stop();
    BOOST_CHECK_THROW((void)read_all(*source), mica::Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
