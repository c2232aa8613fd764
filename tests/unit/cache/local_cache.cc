#include "cache/local_cache.hh"

#include "io/fd.hh"
#include "io/hash.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <filesystem>

using namespace mica;
using namespace mica::cache;

namespace {

struct Fixture {
    test::TemporaryDirectory directory;
    std::shared_ptr<oci::Layout> store = oci::Layout::open_or_create(directory / "store");
    LocalCache cache{directory / "cache", *store};
    std::vector<KeyPart> parts{{"operation", "run"}};
    CacheKey key = make_key(parts);

    CacheEntry entry_of(std::string_view bytes, StepPlace place = {"Dockerfile a", 1, "RUN x"})
    {
        const auto blob = store->put(bytes);
        return {{sha256("tar"), {oci::MediaType::oci_layer_gzip, blob.digest, blob.size}},
                from_unix(1),
                std::move(place)};
    }
    std::optional<CacheEntry> find(const CacheKey &wanted) { return cache.find(wanted, {}); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(local_cache, Fixture)

BOOST_AUTO_TEST_CASE(what_was_stored_is_found)
{
    const auto entry = entry_of("blob");
    cache.store(key, entry, parts);
    BOOST_TEST((find(key) == entry));
    BOOST_TEST((cache.parts(key) == parts));
}

BOOST_AUTO_TEST_CASE(another_key_is_a_miss)
{
    cache.store(key, entry_of("blob"), parts);
    BOOST_TEST(!find(make_key({{"operation", "copy"}})));
}

BOOST_AUTO_TEST_CASE(an_entry_whose_blob_is_gone_or_cut_is_a_miss)
{
    const auto entry = entry_of("blob");
    cache.store(key, entry, parts);
    const auto path = store->directory() / "blobs/sha256" / entry.layer.blob.digest.hex();
    std::filesystem::resize_file(path, 2);
    BOOST_TEST(!find(key));
    std::filesystem::remove(path);
    BOOST_TEST(!find(key));
}

BOOST_AUTO_TEST_CASE(a_damaged_entry_is_a_miss)
{
    cache.store(key, entry_of("blob"), parts);
    write_file_atomically(directory / "cache" / key.value.hex(), "{\"layer\": 7");
    BOOST_TEST(!find(key));
    write_file_atomically(directory / "cache" / key.value.hex(), "{\"layer\": 7}");
    BOOST_TEST(!find(key));
}

BOOST_AUTO_TEST_CASE(values_that_are_not_utf8_can_be_stored)
{
    const std::vector<KeyPart> odd{{"environment", "A=\xff\xfe"}};
    cache.store(make_key(odd), entry_of("blob"), odd);
    BOOST_TEST(find(make_key(odd)).has_value());
}

BOOST_AUTO_TEST_CASE(earlier_steps_are_found_by_place_and_by_text)
{
    cache.store(key, entry_of("blob", {"Dockerfile a", 1, "RUN x"}), parts);
    const std::vector<KeyPart> other{{"operation", "other"}};
    cache.store(make_key(other), entry_of("blob", {"Dockerfile a", 2, "RUN y"}), other);
    BOOST_TEST((cache.earlier({"Dockerfile a", 1, "RUN y"}) == std::vector{key, make_key(other)}));
    BOOST_TEST(cache.earlier({"Dockerfile b", 1, "RUN x"}).empty());
}

BOOST_AUTO_TEST_CASE(the_newest_of_a_place_comes_first)
{
    const std::vector<KeyPart> newer{{"operation", "newer"}};
    cache.store(key, entry_of("blob"), parts);
    cache.store(make_key(newer), entry_of("blob"), newer);
    BOOST_TEST((cache.earlier({"Dockerfile a", 1, "RUN x"}) == std::vector{make_key(newer), key}));
}

BOOST_AUTO_TEST_SUITE_END()
