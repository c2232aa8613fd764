#include "cache/local_cache.hh"

#include "io/fd.hh"
#include "io/hash.hh"
#include "support/memory_store.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cache;

namespace {

struct Fixture {
    test::TemporaryDirectory directory;
    test::MemoryStore store;
    LocalCache cache{directory.path() / "cache", store};
    std::vector<KeyPart> parts{{"operation", "run"}};
    CacheKey key = make_key(parts);

    oci::Layer layer_of(std::string_view bytes)
    {
        const auto writer = store.create();
        writer->write(as_bytes(bytes));
        writer->finish();
        const auto blob = writer->commit();
        return {sha256("tar"), {oci::MediaType::oci_layer_gzip, blob.digest, blob.size}};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(local_cache, Fixture)

BOOST_AUTO_TEST_CASE(what_was_stored_is_found)
{
    const auto layer = layer_of("blob");
    cache.store(key, parts, {layer});
    const auto found = cache.find(key);
    BOOST_REQUIRE(found);
    BOOST_TEST((found->layer == layer));
}

BOOST_AUTO_TEST_CASE(another_key_is_a_miss)
{
    cache.store(key, parts, {layer_of("blob")});
    BOOST_TEST(!cache.find(make_key({{"operation", "copy"}})));
}

BOOST_AUTO_TEST_CASE(an_entry_whose_blob_is_gone_is_a_miss)
{
    const oci::Layer gone{sha256("tar"), {oci::MediaType::oci_layer_gzip, sha256("gone"), 4}};
    cache.store(key, parts, {gone});
    BOOST_TEST(!cache.find(key));
}

BOOST_AUTO_TEST_CASE(a_damaged_entry_is_a_miss)
{
    cache.store(key, parts, {layer_of("blob")});
    write_file_atomically(directory.path() / "cache" / key.value.hex(), "{\"layer\": 7");
    BOOST_TEST(!cache.find(key));
    write_file_atomically(directory.path() / "cache" / key.value.hex(), "{\"layer\": 7}");
    BOOST_TEST(!cache.find(key));
}

BOOST_AUTO_TEST_CASE(values_that_are_not_utf8_can_be_stored)
{
    const std::vector<KeyPart> odd{{"environment", "A=\xff\xfe"}};
    const auto layer = layer_of("blob");
    cache.store(make_key(odd), odd, {layer});
    BOOST_TEST(cache.find(make_key(odd)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
