#include "io/stream.hh"

#include "base/error.hh"
#include "io/content.hh"
#include "io/fd.hh"
#include "io/hash.hh"
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>

namespace mica::test {

namespace {

/// A directory that is gone after the test.
class Scratch {
public:
    Scratch() { BOOST_REQUIRE(::mkdtemp(path_.data()) != nullptr); }
    ~Scratch() { std::filesystem::remove_all(path_); }
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    [[nodiscard]] std::filesystem::path operator/(const char *name) const
    {
        return std::filesystem::path{path_} / name;
    }

private:
    std::string path_ = "/tmp/mica-io-XXXXXX";
};

/// One byte at a time.
class Slow final : public Source {
public:
    explicit Slow(std::string bytes) : bytes_{std::move(bytes)} {}
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override { return bytes_.read(into.first(1)); }

private:
    StringSource bytes_;
};

std::unique_ptr<Source> verifying(const std::string &bytes, const std::string &promised)
{
    return std::make_unique<VerifyingSource>(std::make_unique<StringSource>(bytes), sha256(promised),
                                             promised.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(stream)

BOOST_AUTO_TEST_CASE(a_copy_has_every_byte)
{
    const std::string bytes(1000000, 'x');
    StringSource from{bytes};
    StringSink to;
    BOOST_TEST(copy_all(from, to) == bytes.size());
    BOOST_TEST((to.str() == bytes));
}

BOOST_AUTO_TEST_CASE(a_copy_stops)
{
    std::stop_source stop;
    stop.request_stop();
    StringSource from{"x"};
    StringSink to;
    BOOST_CHECK_THROW(copy_all(from, to, stop.get_token()), Cancelled);
}

BOOST_AUTO_TEST_CASE(reading_all_is_bounded)
{
    StringSource within{"1234"};
    BOOST_TEST(read_all(within, 4) == "1234");
    StringSource beyond{"12345"};
    BOOST_CHECK_THROW((void)read_all(beyond, 4), Error);
}

BOOST_AUTO_TEST_CASE(a_full_read_waits_for_slow_sources)
{
    Slow from{"hello"};
    std::array<std::byte, 4> four{};
    BOOST_TEST(read_full(from, four) == 4U);
    BOOST_TEST(read_full(from, four) == 1U);
    BOOST_TEST(read_full(from, four) == 0U);
}

BOOST_AUTO_TEST_CASE(a_content_is_read_again_and_again)
{
    const StringContent content{"abc"};
    BOOST_TEST(read_all(*content.open()) == "abc");
    BOOST_TEST(read_all(*content.open()) == "abc");
}

BOOST_AUTO_TEST_CASE(hashing_passes_on_what_it_hashes)
{
    StringSink out;
    HashingSink sink{out};
    sink.write(as_bytes("ab"));
    sink.write(as_bytes("c"));
    sink.finish();
    BOOST_TEST(out.str() == "abc");
    BOOST_TEST(sink.size() == 3U);
    BOOST_TEST(sink.digest().hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

BOOST_AUTO_TEST_CASE(a_promise_is_checked)
{
    BOOST_TEST(read_all(*verifying("abc", "abc")) == "abc");
    BOOST_CHECK_THROW((void)read_all(*verifying("abd", "abc")), Error);
    BOOST_CHECK_THROW((void)read_all(*verifying("abcd", "abc")), Error);
    BOOST_CHECK_THROW((void)read_all(*verifying("ab", "abc")), Error);
}

BOOST_AUTO_TEST_CASE(a_file_is_replaced_as_a_whole)
{
    const Scratch scratch;
    const auto path = scratch / "file";
    write_file_atomically(path, "one");
    write_file_atomically(path, "two", 0600);
    BOOST_TEST(read_file(path) == "two");
    struct stat status{};
    BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
    BOOST_TEST((status.st_mode & 07777U) == 0600U);
    BOOST_TEST(std::distance(std::filesystem::directory_iterator{path.parent_path()}, {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_named)
{
    BOOST_CHECK_EXCEPTION((void)read_file("/nowhere/at/all"), Error, [](const Error &error) {
        return error.kind() == ErrorKind::not_found &&
               error.message().find("/nowhere/at/all") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(descriptors_are_streams)
{
    const Scratch scratch;
    const auto path = scratch / "file";
    FdSink sink{open_file(path, O_WRONLY | O_CREAT)};
    sink.write(as_bytes("hello"));
    sink.finish();
    FdSource source{open_file(path, O_RDONLY)};
    BOOST_TEST(read_all(source) == "hello");
}

BOOST_AUTO_TEST_CASE(a_descriptor_moves)
{
    Fd a = open_file("/dev/null", O_RDONLY);
    const int number = a.get();
    Fd b = std::move(a);
    BOOST_TEST(b.get() == number);
    b.reset();
    BOOST_TEST(!b);
    BOOST_TEST(::fcntl(number, F_GETFD) == -1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::test
