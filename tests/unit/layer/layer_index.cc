#include "layer/layer_index.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include "layer/file_tree.hh"
#include "layer/index_codec.hh"
#include "trees.hh"
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <limits>

namespace mica::layer::test {

namespace {

const Digest diff_id = sha256("a layer");

bool is_integrity(const Error &error)
{
    return error.kind() == ErrorKind::integrity;
}

std::vector<Change> read(std::string_view bytes)
{
    std::vector<Change> changes;
    read_index(bytes, diff_id, [&](const Change &change) { changes.push_back(change); });
    return changes;
}

std::string index_of(const std::vector<Change> &changes)
{
    IndexWriter writer{diff_id};
    for (const Change &change : changes)
        writer.add(change);
    return writer.finish();
}

/// Damaged records under a checksum that fits.
std::string resealed(const std::string &index, std::size_t at, char byte)
{
    std::string bytes = index.substr(0, index.size() - Digest::size);
    bytes[at] = byte;
    const Digest digest = sha256(bytes);
    return bytes.append(reinterpret_cast<const char *>(digest.bytes().data()), Digest::size);
}

std::vector<Change> random_changes(std::uint32_t seed)
{
    RandomTrees random{seed};
    std::vector<Change> changes;
    for (unsigned i = random.below(20); i > 0; --i) {
        const auto path = random.any_path();
        switch (random.below(6)) {
        case 0:
            changes.push_back(removal(path));
            break;
        case 1:
            changes.push_back(opaque(path));
            break;
        case 2:
            changes.push_back(hardlink(path, random.any_path()));
            break;
        default:
            changes.push_back(random.any_entry(path));
            changes.back().entry.mtime =
                from_unix(-500 + random.below(1000)) + std::chrono::nanoseconds{random.below(1000)};
        }
    }
    return changes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_index)

BOOST_AUTO_TEST_CASE(files_that_the_builder_reads_are_in_it)
{
    Change change{Change::Kind::upsert, {}, nullptr};
    change.entry.type = tar::FileType::regular;
    change.entry.path = "etc/passwd";
    change.entry.size = 5;
    BOOST_TEST(is_kept_in_index(change.entry));
    IndexWriter writer{diff_id};
    writer.add(change, "root:");
    const auto result = read(writer.finish());
    BOOST_REQUIRE(result.at(0).content);
    BOOST_TEST(read_all(*result.at(0).content->open()) == "root:");
}

BOOST_AUTO_TEST_CASE(no_other_bytes_are_in_it)
{
    Change change{Change::Kind::upsert, {}, nullptr};
    change.entry.type = tar::FileType::regular;
    change.entry.path = "etc/shadow";
    BOOST_TEST(!is_kept_in_index(change.entry));
    IndexWriter writer{diff_id};
    writer.add(change, "root:");
    const auto bytes = writer.finish();
    BOOST_CHECK_EXCEPTION((void)read(bytes), Error, is_integrity);
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_without_contents)
{
    for (std::uint32_t seed = 0; seed < 300; ++seed) {
        const auto changes = random_changes(seed);
        const auto result = read(index_of(changes));
        const bool same =
            std::equal(changes.begin(), changes.end(), result.begin(), result.end(),
                       [](const Change &a, const Change &b) {
                           return a.kind == b.kind && a.entry == b.entry && b.content == nullptr;
                       });
        BOOST_REQUIRE_MESSAGE(same, "seed " << seed);
    }
}

BOOST_AUTO_TEST_CASE(the_bytes_are_pinned)
{
    Change bin = directory("usr/bin");
    bin.entry.mtime = from_unix(-1);
    Change sh = file("usr/bin/sh", "x", 04755);
    sh.entry.uid = 300;
    sh.entry.xattrs["user.a"] = "b";
    const std::string bytes = index_of({bin, sh, removal("usr/lib")});
    std::string hex;
    for (const char c : std::string_view{bytes}.substr(19 + 32, bytes.size() - 19 - 64))
        hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    BOOST_TEST(bytes.substr(0, 19) == "mica-layer-index 2\n");
    BOOST_TEST(hex == "0100077573722f62696eed0300000100" // directory usr/bin 0755 0:0, one second before 1970
                      "1007032f7368ed13ac0200000001"     // file, 7 bytes of the path before and "/sh"
                      "0106757365722e610162"             // user.a=b
                      "0704036c6962");                   // removal of usr/ and "lib"
}

BOOST_AUTO_TEST_CASE(an_index_gives_its_changes_to_a_tree)
{
    ChangeList list{{directory("a"), file("a/b"), hardlink("c", "a/b")}};
    IndexedChanges changes{write_index(diff_id, list, {}), diff_id};
    FileTree tree;
    tree.apply_layer(changes, 0, {});
    BOOST_TEST((tree == tree_of({{directory("a"), file("a/b"), hardlink("c", "a/b")}})));
}

BOOST_AUTO_TEST_CASE(any_damage_is_refused_before_anything_is_given)
{
    const std::string good = index_of({directory("a"), file("a/b", "x")});
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] ^= 0x20;
        BOOST_CHECK_EXCEPTION((void)read(bad), Error, is_integrity);
        BOOST_CHECK_EXCEPTION((void)read(good.substr(0, at)), Error, is_integrity);
    }
}

BOOST_AUTO_TEST_CASE(an_index_of_another_layer_is_refused)
{
    BOOST_CHECK_EXCEPTION(read_index(index_of({}), sha256("another"), {}), Error, is_integrity);
}

BOOST_AUTO_TEST_CASE(records_that_make_no_sense_are_refused_or_read_as_something_that_does)
{
    const std::string good =
        index_of({directory("a"), hardlink("a/b", "c"), symlink("a/d", "e"), removal("f")});
    for (std::size_t at = 19 + 32; at < good.size() - 32; ++at)
        for (int byte = 0; byte < 256; byte += 3) {
            try {
                for (const Change &change : read(resealed(good, at, static_cast<char>(byte))))
                    BOOST_TEST(change.entry.mode <= 07777U);
            } catch (const Error &error) {
                BOOST_TEST(is_integrity(error));
            }
        }
}

BOOST_AUTO_TEST_CASE(numbers_of_every_size_are_kept)
{
    for (unsigned shift = 0; shift < 64; ++shift) {
        const std::uint64_t value = std::uint64_t{1} << shift;
        std::string out;
        put_number(out, value);
        put_number(out, value - 1);
        put_signed(out, static_cast<std::int64_t>(value));
        put_signed(out, -static_cast<std::int64_t>(value - 1));
        IndexCursor in{out};
        BOOST_TEST(in.number() == value);
        BOOST_TEST(in.number() == value - 1);
        BOOST_TEST(in.signed_number() == static_cast<std::int64_t>(value));
        BOOST_TEST(in.signed_number() == -static_cast<std::int64_t>(value - 1));
        BOOST_TEST(in.at_end());
    }
    IndexCursor too_large{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"};
    BOOST_CHECK_EXCEPTION((void)too_large.number(), Error, is_integrity);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::layer::test
