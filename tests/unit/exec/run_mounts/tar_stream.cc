#include "exec/run_mounts/tar_stream.hh"

#include "../copy/files.hh"
#include "io/stream.hh"
#include "support/errors.hh"
#include <array>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;

namespace {

/// A file that cannot be read.
class Broken final : public Content {
public:
    [[nodiscard]] std::unique_ptr<Source> open() const override
    {
        throw Error{ErrorKind::io, "the disk is on fire"};
    }
};

std::vector<layer::Change> one_file(std::uint64_t size, ContentPtr content)
{
    layer::Change change;
    change.entry.path = "file";
    change.entry.mode = 0644;
    change.entry.size = size;
    change.content = std::move(content);
    return {change};
}

} // namespace

BOOST_AUTO_TEST_SUITE(tar_stream_of_changes)

BOOST_AUTO_TEST_CASE(it_ends_as_a_whole_tar)
{
    auto source = tar_stream(one_file(5, std::make_shared<StringContent>("bytes")), {});
    const auto tar = read_all(*source);
    // One header, one block, two blocks of zeros.
    BOOST_TEST(tar.size() == 4U * 512U);
    BOOST_TEST(tar.substr(0, 5) == std::string_view("file\0", 5));
    BOOST_TEST(tar.substr(512, 5) == "bytes");
}

BOOST_AUTO_TEST_CASE(what_fails_while_writing_is_thrown_by_read)
{
    const auto error = mica::test::error_of([] {
        auto source = tar_stream(one_file(1, std::make_shared<Broken>()), {});
        (void)read_all(*source);
    });
    BOOST_TEST(error.message() == "the disk is on fire");
}

BOOST_AUTO_TEST_CASE(a_reader_may_leave_early)
{
    // More than any socket buffers: the writer is in the middle of it.
    const std::string big(std::size_t{8} << 20, 'x');
    auto source = tar_stream(one_file(big.size(), std::make_shared<StringContent>(big)), {});
    std::array<std::byte, 16> some{};
    BOOST_TEST(source->read(some) == some.size());
    source.reset();
}

BOOST_AUTO_TEST_CASE(a_stop_ends_it)
{
    std::stop_source stop;
    stop.request_stop();
    const std::string big(std::size_t{8} << 20, 'x');
    auto source = tar_stream(one_file(big.size(), std::make_shared<StringContent>(big)), stop.get_token());
    BOOST_CHECK_THROW((void)read_all(*source), Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()
