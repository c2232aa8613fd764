#include "io/codec.hh"

#include "base/error.hh"
#include "io/deflate_block.hh"
#include "io/hash.hh"
#include "sample_data.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <zlib.h>

namespace mica {

std::ostream &operator<<(std::ostream &out, Compression kind)
{
    return out << (kind == Compression::gzip ? "gzip" : kind == Compression::zstd ? "zstd" : "none");
}

} // namespace mica

namespace mica::test {

namespace {

namespace data = boost::unit_test::data;

const auto all_kinds = data::make({Compression::none, Compression::gzip, Compression::zstd});
const auto packed_kinds = data::make({Compression::gzip, Compression::zstd});

std::string pack(const CompressionOptions &options, std::string_view plain, unsigned threads = 2,
                 std::size_t piece = 100000)
{
    ThreadPool pool{threads};
    StringSink out;
    const auto sink = compressor(options, out, pool);
    for (; !plain.empty(); plain.remove_prefix(std::min(piece, plain.size())))
        sink->write(as_bytes(plain.substr(0, piece)));
    sink->finish();
    return out.str();
}

/// Gives the bytes in pieces of odd sizes, as a network does.
class Dribble final : public Source {
public:
    explicit Dribble(std::string bytes) : bytes_{std::move(bytes)} {}
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        size_ = size_ * 7 % 1021 + 1;
        return bytes_.read(into.first(std::min(into.size(), size_)));
    }

private:
    StringSource bytes_;
    std::size_t size_ = 1;
};

std::string unpack(Compression kind, std::string packed)
{
    return read_all(*decompressor(kind, std::make_unique<Dribble>(std::move(packed))));
}

std::string mixed(std::size_t size)
{
    return text_like(size) + noise(size) + std::string(size, '\0') + text_like(size, 9);
}

bool says(const Error &error, std::string_view text)
{
    return error.kind() == ErrorKind::integrity && error.message().find(text) != std::string::npos;
}

/// zlib's own inflate, told to read exactly one member.
std::string one_member(std::string packed)
{
    z_stream stream{};
    BOOST_REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string out(4 << 20, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    BOOST_TEST(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    BOOST_TEST(stream.avail_in == 0U);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(codec)

BOOST_DATA_TEST_CASE(what_is_packed_is_unpacked, all_kinds, kind)
{
    for (const std::size_t size : {0U, 1U, 1000U, 131072U, 524288U, 700001U}) {
        const std::string plain = mixed(size);
        BOOST_TEST((unpack(kind, pack({kind, {}}, plain)) == plain), size);
    }
}

BOOST_DATA_TEST_CASE(every_level_of_gzip_is_gzip, data::xrange(0, 13), level)
{
    const std::string plain = mixed(300000);
    BOOST_TEST((unpack(Compression::gzip, pack({Compression::gzip, level}, plain)) == plain));
}

BOOST_AUTO_TEST_CASE(gzip_is_one_member)
{
    const std::string plain = mixed(800000);
    BOOST_TEST((one_member(pack({}, plain)) == plain));
    BOOST_TEST(one_member(pack({}, "")) == "");
}

BOOST_AUTO_TEST_CASE(the_header_tells_nothing_of_the_machine)
{
    BOOST_TEST(pack({}, "x").substr(0, 10) == std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10));
}

BOOST_DATA_TEST_CASE(the_bytes_depend_neither_on_threads_nor_on_pieces, packed_kinds, kind)
{
    const std::string plain = mixed(1500000);
    const std::string expected = pack({kind, {}}, plain);
    BOOST_TEST((pack({kind, {}}, plain, 1) == expected));
    BOOST_TEST((pack({kind, {}}, plain, 7) == expected));
    BOOST_TEST((pack({kind, {}}, plain, 2, 4097) == expected));
    BOOST_TEST((pack({kind, {}}, plain, 2, 10000000) == expected));
}

// A layer's digest must not change with a new version of mica or of a library unseen.
BOOST_AUTO_TEST_CASE(the_bytes_of_gzip_are_pinned)
{
    const std::string plain = text_like(400000) + noise(600000);
    BOOST_TEST(sha256(pack({}, plain)).hex() ==
               "2a92a73f978b513a2c1063d7827a4876a032b0f7064e77c4ca0859bbbe1b189c");
    BOOST_TEST(sha256(pack({Compression::gzip, 9}, plain)).hex() ==
               "787bdad35c35e9a0818990386cf0be2baf7e8a5e089f2fd18424cec217e3c004");
}

BOOST_AUTO_TEST_CASE(noise_is_stored)
{
    const std::string plain = noise(1 << 20);
    BOOST_TEST(pack({}, plain).size() < plain.size() + plain.size() / 8000);
}

BOOST_AUTO_TEST_CASE(text_between_noise_is_not_stored)
{
    const std::string plain = noise(100000) + text_like(312000) + noise(100000);
    BOOST_TEST(pack({}, plain).size() < plain.size() * 3 / 4);
}

BOOST_AUTO_TEST_CASE(small_compressed_files_between_tar_headers_are_not_stored)
{
    std::string plain;
    for (std::uint32_t i = 0; plain.size() < 524288; ++i)
        plain += noise(9000, i) + std::string(700, '\0');
    BOOST_TEST(pack({}, plain).size() < plain.size() * 95 / 100);
}

BOOST_AUTO_TEST_CASE(chunks_of_every_kind_and_size_join)
{
    for (std::size_t size = 0; size < 600; size += 1 + size / 20) {
        BlockDeflater deflater{6};
        std::string stream = std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
        std::string plain;
        uLong crc = 0;
        for (const std::string &chunk : {text_like(size, 3), noise(size / 3), text_like(size * 7, 5)}) {
            std::vector<std::byte> out;
            if (!chunk.empty())
                deflater.compress(as_bytes(chunk), out);
            stream.append(reinterpret_cast<const char *>(out.data()), out.size());
            plain += chunk;
        }
        const auto end = deflate_end();
        stream.append(reinterpret_cast<const char *>(end.data()), end.size());
        crc = crc32(0, reinterpret_cast<const Bytef *>(plain.data()), static_cast<uInt>(plain.size()));
        for (const std::uint64_t value : {std::uint64_t{crc}, std::uint64_t{plain.size()}})
            for (unsigned shift = 0; shift < 32; shift += 8)
                stream += static_cast<char>(value >> shift);
        BOOST_REQUIRE_MESSAGE(one_member(stream) == plain, size);
    }
}

BOOST_DATA_TEST_CASE(streams_one_after_the_other_are_one, packed_kinds, kind)
{
    const CompressionOptions options{kind, {}};
    BOOST_TEST(unpack(kind, pack(options, "hello ") + pack(options, "") + pack(options, "world")) ==
               "hello world");
}

BOOST_DATA_TEST_CASE(a_stream_cut_short_is_refused, packed_kinds, kind)
{
    const std::string packed = pack({kind, {}}, text_like(5000));
    for (std::size_t size = 0; size < packed.size(); size += 1 + size / 50)
        BOOST_CHECK_EXCEPTION((void)unpack(kind, packed.substr(0, size)), Error,
                              [](const Error &error) { return says(error, "cut short"); });
}

BOOST_DATA_TEST_CASE(bytes_behind_the_end_are_refused, packed_kinds, kind)
{
    BOOST_CHECK_EXCEPTION((void)unpack(kind, pack({kind, {}}, "hello") + "garbage, and more of it"), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::integrity; });
}

/// What the output has no room for is not lost, nor is the end of a member missed.
BOOST_DATA_TEST_CASE(outputs_of_any_size_are_filled, packed_kinds, kind)
{
    const std::string plain = mixed(3000);
    const std::string packed = pack({kind, {}}, plain) + pack({kind, {}}, plain);
    for (const std::size_t room : {1U, 2U, 3U, 100U, 1000U, 4096U, 20000U}) {
        const auto source = decompressor(kind, std::make_unique<Dribble>(packed));
        std::string out, buffer(room, '\0');
        while (const auto count = source->read(std::as_writable_bytes(std::span{buffer})))
            out.append(buffer, 0, count);
        BOOST_TEST((out == plain + plain), room);
    }
}

BOOST_DATA_TEST_CASE(damage_is_refused, packed_kinds, kind)
{
    std::string packed = pack({kind, {}}, text_like(5000));
    packed[packed.size() / 2] ^= 0x10;
    BOOST_CHECK_EXCEPTION((void)unpack(kind, packed), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::integrity; });
}

BOOST_DATA_TEST_CASE(something_else_is_refused, packed_kinds, kind)
{
    BOOST_CHECK_EXCEPTION((void)unpack(kind, "this is a text, and a long one at that"), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::integrity; });
}

BOOST_AUTO_TEST_CASE(the_kind_is_told_by_the_first_bytes)
{
    BOOST_TEST(detect_compression(as_bytes(pack({Compression::gzip, {}}, "x"))) == Compression::gzip);
    BOOST_TEST(detect_compression(as_bytes(pack({Compression::zstd, {}}, "x"))) == Compression::zstd);
    BOOST_TEST(detect_compression(as_bytes(std::string_view{"\x50\x2a\x4d\x18", 4})) == Compression::zstd);
    BOOST_TEST(detect_compression(as_bytes("text")) == Compression::none);
    BOOST_TEST(detect_compression({}) == Compression::none);
}

BOOST_AUTO_TEST_CASE(levels_that_a_codec_has_not_are_refused)
{
    const auto is_usage = [](const Error &error) { return error.kind() == ErrorKind::usage; };
    BOOST_CHECK_EXCEPTION((void)pack({Compression::gzip, 13}, ""), Error, is_usage);
    BOOST_CHECK_EXCEPTION((void)pack({Compression::gzip, -1}, ""), Error, is_usage);
    BOOST_CHECK_EXCEPTION((void)pack({Compression::zstd, 23}, ""), Error, is_usage);
    BOOST_CHECK_EXCEPTION((void)pack({Compression::none, 1}, ""), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(an_abandoned_compressor_writes_nothing_more)
{
    ThreadPool pool{2};
    StringSink out;
    {
        const auto sink = compressor({}, out, pool);
        sink->write(as_bytes(text_like(3 << 20)));
    }
    const auto size = out.str().size();
    pool.submit([] {}).get();
    BOOST_TEST(out.str().size() == size);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::test
