#include "io/deflate_walk.hh"

#include "base/error.hh"
#include "base/handle.hh"
#include "sample_data.hh"
#include <boost/test/unit_test.hpp>
#include <libdeflate.h>
#include <zlib.h>

namespace mica::test {

namespace {

std::string by_libdeflate(const std::string &plain, int level)
{
    const Handle<libdeflate_compressor, libdeflate_free_compressor> deflater{
        libdeflate_alloc_compressor(level)};
    std::string out(libdeflate_deflate_compress_bound(deflater.get(), plain.size()), '\0');
    out.resize(
        libdeflate_deflate_compress(deflater.get(), plain.data(), plain.size(), out.data(), out.size()));
    return out;
}

std::string by_zlib(const std::string &plain, int level, int strategy)
{
    z_stream stream{};
    BOOST_REQUIRE(deflateInit2(&stream, level, Z_DEFLATED, -15, 8, strategy) == Z_OK);
    std::string out(deflateBound(&stream, plain.size()) + 64, '\0');
    std::string in = plain;
    stream.next_in = reinterpret_cast<Bytef *>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    BOOST_REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// Where zlib sees the last block: it stops at the end of each one (Z_BLOCK) and tells
/// how many bits of the last byte it did not use.
DeflateEnd places_by_zlib(std::string stream_bytes)
{
    z_stream stream{};
    BOOST_REQUIRE(inflateInit2(&stream, -15) == Z_OK);
    std::string out(1 << 16, '\0');
    DeflateEnd places;
    std::size_t block = 0;
    stream.next_in = reinterpret_cast<Bytef *>(stream_bytes.data());
    stream.avail_in = static_cast<uInt>(stream_bytes.size());
    int status = Z_OK;
    while (status != Z_STREAM_END) {
        stream.next_out = reinterpret_cast<Bytef *>(out.data());
        stream.avail_out = static_cast<uInt>(out.size());
        status = inflate(&stream, Z_BLOCK);
        BOOST_REQUIRE((status == Z_OK || status == Z_STREAM_END));
        if ((stream.data_type & 128) == 0 || status == Z_STREAM_END)
            continue;
        // Unused bits of the last byte are in the low bits of data_type.
        const std::size_t at = stream.total_in * 8 - static_cast<std::size_t>(stream.data_type & 63);
        places.final_block = block;
        places.end = at;
        if ((stream.data_type & 64) == 0)
            block = at;
    }
    inflateEnd(&stream);
    return places;
}

void check(const std::string &deflated, const std::string &what)
{
    const DeflateEnd expected = places_by_zlib(deflated);
    const DeflateEnd found = find_final_block(as_bytes(deflated));
    BOOST_TEST(found.final_block == expected.final_block, what);
    BOOST_TEST(found.end == expected.end, what);
}

} // namespace

BOOST_AUTO_TEST_SUITE(deflate_walk)

BOOST_AUTO_TEST_CASE(the_last_block_of_libdeflates_streams_is_found)
{
    for (const std::size_t size : {0UL, 1UL, 100UL, 30000UL, 200000UL}) {
        const std::string text = text_like(size);
        const std::string random = noise(size);
        for (const int level : {0, 1, 5, 9, 12}) {
            check(by_libdeflate(text, level), "text " + std::to_string(size));
            check(by_libdeflate(random, level), "noise " + std::to_string(size));
            check(by_libdeflate(text + random + std::string(size, 'x'), level),
                  "mix " + std::to_string(size));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_last_block_of_zlibs_streams_is_found)
{
    const std::string plain = text_like(100000) + noise(50000);
    for (const int strategy : {Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE})
        for (const int level : {0, 1, 6, 9})
            check(by_zlib(plain, level, strategy),
                  std::to_string(strategy) + " at level " + std::to_string(level));
}

BOOST_AUTO_TEST_CASE(long_and_lopsided_codes_are_followed)
{
    // Fibonacci frequencies give codes of every length up to the longest.
    std::string plain;
    std::size_t a = 1;
    std::size_t b = 1;
    for (char c = 'a'; c < 'a' + 20; ++c) {
        plain += std::string(a, c);
        a = std::exchange(b, a + b);
    }
    check(by_zlib(plain, 9, Z_HUFFMAN_ONLY), "zlib");
    check(by_libdeflate(plain, 9), "libdeflate");
}

BOOST_AUTO_TEST_CASE(a_stream_cut_short_is_refused)
{
    const std::string whole = by_libdeflate(text_like(3000), 6);
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_CHECK_THROW((void)find_final_block(as_bytes(std::string_view{whole}.substr(0, size))), Error);
}

BOOST_AUTO_TEST_CASE(damage_is_refused_or_survived)
{
    const std::string whole = by_libdeflate(text_like(5000), 6);
    std::minstd_rand random{7};
    for (int i = 0; i < 500; ++i) {
        std::string damaged = whole;
        damaged[random() % damaged.size()] ^= static_cast<char>(1U << random() % 8);
        try {
            BOOST_TEST(find_final_block(as_bytes(damaged)).end <= damaged.size() * 8);
        } catch (const Error &error) {
            BOOST_TEST((error.kind() == ErrorKind::integrity));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::test
