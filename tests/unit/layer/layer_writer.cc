#include "layer/layer_writer.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include "layer/layer_reader.hh"
#include "support/memory_store.hh"
#include "tar/reader.hh"
#include "trees.hh"
#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace mica::layer::test {

namespace {

struct Fixture {
    mica::test::MemoryStore store;
    ThreadPool pool{2};

    oci::Layer write(std::vector<Change> changes, const LayerOptions &options = {},
                     const ChangeVisitor &observe = {}, const std::stop_token &stop = {})
    {
        ChangeList list{std::move(changes)};
        return write_layer(list, options, store, pool, observe, stop);
    }

    std::string tar(const oci::Layer &layer, Compression kind = Compression::gzip)
    {
        return read_all(*decompressor(kind, store.open(layer.blob, {})));
    }
};

/// With the bytes read into the changes.
std::vector<Change> read_back(const std::string &tar)
{
    std::vector<Change> changes;
    read_layer(std::make_unique<StringSource>(tar),
               [&](const Change &change, Source *body) {
                   changes.push_back(change);
                   if (body != nullptr)
                       changes.back().content = std::make_shared<StringContent>(read_all(*body));
               },
               {});
    return changes;
}

std::string bytes_of(const Change &change)
{
    return change.content ? read_all(*change.content->open()) : std::string{};
}

bool same(const Change &a, const Change &b)
{
    return a.kind == b.kind && a.entry == b.entry && bytes_of(a) == bytes_of(b);
}

/// Claims another size than it has.
Change lying_file(std::string path, std::uint64_t claimed, std::string bytes)
{
    Change change = file(std::move(path), std::move(bytes));
    change.entry.size = claimed;
    return change;
}

std::vector<Change> random_changes(std::uint32_t seed)
{
    RandomTrees random{seed};
    std::vector<Change> changes;
    for (unsigned i = random.below(30); i > 0; --i) {
        const auto path = random.any_path();
        const unsigned kind = random.below(6);
        changes.push_back(kind == 0 ? removal(path) : kind == 1 ? opaque(path) : random.any_entry(path));
        if (kind == 2) {
            auto &entry = changes.back().entry;
            entry.uid = 0xfffffffeU;
            entry.mtime = from_unix(-1 - random.below(1000));
            entry.path += "/" + std::string(random.below(300), 'n') + "\xc3\xa9";
        }
    }
    std::stable_sort(changes.begin(), changes.end(),
                     [](const Change &a, const Change &b) { return path_less(a.entry.path, b.entry.path); });
    return changes;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(layer_writer, Fixture)

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back)
{
    for (std::uint32_t seed = 0; seed < 200; ++seed) {
        const auto changes = random_changes(seed);
        const auto result = read_back(tar(write(changes)));
        BOOST_REQUIRE_MESSAGE(std::equal(changes.begin(), changes.end(), result.begin(), result.end(), same),
                              "seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(the_diff_id_is_the_digest_of_the_tar)
{
    const auto layer = write({file("a", "hello")});
    BOOST_TEST(layer.diff_id.str() == sha256(tar(layer)).str());
    BOOST_TEST(layer.blob.size == store.bytes(layer.blob.digest).size());
    BOOST_TEST((layer.blob.media_type == oci::MediaType::oci_layer_gzip));
}

BOOST_AUTO_TEST_CASE(the_compression_decides_the_media_type_and_not_the_diff_id)
{
    const auto gzip = write({file("a", "hello")});
    const auto zstd =
        write({file("a", "hello")}, {.compression = {Compression::zstd, {}}, .clamp_mtime = {}});
    const auto plain =
        write({file("a", "hello")}, {.compression = {Compression::none, {}}, .clamp_mtime = {}});
    BOOST_TEST((zstd.blob.media_type == oci::MediaType::oci_layer_zstd));
    BOOST_TEST((plain.blob.media_type == oci::MediaType::oci_layer));
    BOOST_TEST((gzip.diff_id == zstd.diff_id && gzip.diff_id == plain.diff_id));
    BOOST_TEST((plain.blob.digest == plain.diff_id));
    BOOST_TEST(tar(zstd, Compression::zstd) == tar(gzip));
}

BOOST_AUTO_TEST_CASE(an_empty_layer_is_an_empty_archive)
{
    BOOST_TEST(tar(write({})) == std::string(1024, '\0'));
}

BOOST_AUTO_TEST_CASE(marks_are_empty_files_of_nobody)
{
    const auto layer = write({directory("d"), opaque("d"), removal("d/x")});
    std::vector<std::string> names;
    tar::read_archive(std::make_unique<StringSource>(tar(layer)),
                      [&](const tar::Entry &entry, Source *) {
                          names.push_back(entry.path);
                          if (entry.type == tar::FileType::regular)
                              BOOST_TEST((entry.mode == 0 && entry.size == 0 && entry.mtime == Time{}));
                      },
                      {});
    BOOST_TEST(names == (std::vector<std::string>{"d", "d/.wh..wh..opq", "d/.wh.x"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_observer_sees_times_as_they_are_written)
{
    auto late = file("a");
    late.entry.mtime = from_unix(100) + std::chrono::nanoseconds{5};
    auto early = file("b");
    early.entry.mtime = from_unix(3) + std::chrono::nanoseconds{5};
    std::vector<Time> seen;
    (void)write({late, early}, {.compression = {}, .clamp_mtime = from_unix(50)},
                [&](const Change &change) { seen.push_back(change.entry.mtime); });
    BOOST_TEST((seen == std::vector<Time>{from_unix(50), from_unix(3)}));
}

BOOST_AUTO_TEST_CASE(the_number_of_threads_does_not_change_the_blob)
{
    std::string big;
    for (int i = 0; i < 400000; ++i)
        big += std::to_string(i % 1000 * 7919 % 1000);
    const auto layer = write({file("a", big)});
    for (const unsigned threads : {1U, 5U}) {
        ThreadPool other{threads};
        ChangeList list{{file("a", big)}};
        BOOST_TEST((write_layer(list, {}, store, other, {}, {}) == layer));
    }
}

BOOST_AUTO_TEST_CASE(names_that_mean_removals_are_refused)
{
    for (const char *path : {".wh.a", "d/.wh..wh..opq", ".wh.d/file"})
        BOOST_CHECK_EXCEPTION((void)write({file(path)}), Error,
                              [](const Error &error) { return error.kind() == ErrorKind::unsupported; });
    BOOST_TEST(store.count() == 0U);
}

BOOST_DATA_TEST_CASE(a_file_that_changed_its_size_is_named,
                     boost::unit_test::data::make({1U, 4U, 6U, 1000000U}), claimed)
{
    BOOST_CHECK_EXCEPTION(
        (void)write({directory("d"), lying_file("d/f", claimed, "hello")}), Error, [](const Error &error) {
            return error.kind() == ErrorKind::io && error.message().find("'d/f'") != std::string::npos;
        });
    BOOST_TEST(store.count() == 0U);
}

BOOST_AUTO_TEST_CASE(changes_out_of_order_are_refused)
{
    BOOST_CHECK_THROW((void)write({file("b"), file("a")}), Error);
}

BOOST_AUTO_TEST_CASE(a_full_store_fails_the_layer)
{
    store.fail_after(100000);
    std::string noise(3000000, '\0');
    std::minstd_rand random;
    std::generate(noise.begin(), noise.end(), [&] { return static_cast<char>(random() >> 8); });
    BOOST_CHECK_EXCEPTION((void)write({file("a", noise), file("b", noise)}), Error,
                          [](const Error &error) { return error.message() == "the store is full"; });
    BOOST_TEST(store.count() == 0U);
}

BOOST_AUTO_TEST_CASE(a_stop_cancels_and_leaves_nothing)
{
    std::stop_source stop;
    const auto observe = [&](const Change &) { stop.request_stop(); };
    BOOST_CHECK_THROW((void)write({file("a", "x"), file("b", "y")}, {}, observe, stop.get_token()),
                      Cancelled);
    BOOST_TEST(store.count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::layer::test
