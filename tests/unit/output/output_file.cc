#include "output/output_file.hh"

#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <thread>

using mica::as_bytes;
using mica::ErrorKind;
using mica::read_file;
using mica::output::OutputFile;
using mica::test::kind_of;
using mica::test::TemporaryDirectory;
namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(output_file, TemporaryDirectory)

BOOST_AUTO_TEST_CASE(appears_when_finished)
{
    OutputFile file{path() / "out", "/dev/stdout"};
    file.write(as_bytes("text"));
    BOOST_TEST(!fs::exists(path() / "out"));
    file.finish();
    BOOST_TEST(read_file(path() / "out") == "text");
}

BOOST_AUTO_TEST_CASE(large_and_small_writes_keep_their_order)
{
    const std::string large(3U << 20, 'l');
    OutputFile file{path() / "out", "/dev/stdout"};
    for (const auto &part :
         {std::string{"a"}, large, std::string{"b"}, std::string(700'000, 'c'), std::string(700'000, 'd')})
        file.write(as_bytes(part));
    file.finish();
    BOOST_TEST((read_file(path() / "out") ==
                "a" + large + "b" + std::string(700'000, 'c') + std::string(700'000, 'd')));
}

BOOST_AUTO_TEST_CASE(keeps_the_old_file_until_then)
{
    std::ofstream{path() / "out"} << "old";
    {
        OutputFile file{path() / "out", "/dev/stdout"};
        file.write(as_bytes("new"));
    }
    BOOST_TEST(read_file(path() / "out") == "old");
    BOOST_TEST(std::distance(fs::directory_iterator{path()}, {}) == 1);
}

BOOST_AUTO_TEST_CASE(a_link_stays_and_its_file_is_replaced)
{
    std::ofstream{path() / "file"} << "old";
    fs::create_symlink("file", path() / "link");
    OutputFile file{path() / "link", "/dev/stdout"};
    file.write(as_bytes("new"));
    file.finish();
    BOOST_TEST(fs::is_symlink(path() / "link"));
    BOOST_TEST(read_file(path() / "file") == "new");
}

BOOST_AUTO_TEST_CASE(a_pipe_is_written_to)
{
    BOOST_REQUIRE(::mkfifo((path() / "pipe").c_str(), 0600) == 0);
    std::string got;
    std::jthread reader{[&] { got = read_file(path() / "pipe"); }};
    {
        OutputFile file{path() / "pipe", "/dev/stdout"};
        file.write(as_bytes("text"));
        file.finish();
    }
    reader.join();
    BOOST_TEST(got == "text");
    BOOST_TEST(fs::is_fifo(path() / "pipe"));
}

BOOST_AUTO_TEST_CASE(a_dash_is_standard_output)
{
    std::ofstream{path() / "stdout"};
    OutputFile file{"-", (path() / "stdout").native()};
    file.write(as_bytes("text"));
    file.finish();
    BOOST_TEST(read_file(path() / "stdout") == "text");
}

BOOST_AUTO_TEST_CASE(a_terminal_is_refused)
{
    const mica::Fd terminal{::posix_openpt(O_RDWR | O_NOCTTY)};
    if (!terminal || ::grantpt(terminal.get()) != 0 || ::unlockpt(terminal.get()) != 0)
        return; // no terminals here
    const std::string name = ::ptsname(terminal.get());
    BOOST_TEST(kind_of([&] { const OutputFile file{"-", name}; }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(a_directory_is_refused)
{
    BOOST_TEST(kind_of([&] { const OutputFile file{path(), ""}; }) == ErrorKind::usage);
}

BOOST_AUTO_TEST_CASE(a_missing_directory_is_told)
{
    BOOST_TEST(kind_of([&] { const OutputFile file{path() / "none/out", ""}; }) == ErrorKind::not_found);
}

BOOST_AUTO_TEST_CASE(a_full_disk_is_told)
{
    if (!fs::exists("/dev/full"))
        return;
    OutputFile file{"/dev/full", ""};
    file.write(as_bytes("text"));
    const auto error = mica::test::error_of([&] { file.finish(); });
    BOOST_TEST(error.kind() == ErrorKind::io);
    BOOST_TEST(error.hint().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
