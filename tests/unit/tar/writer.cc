#include "tar/writer.hh"

#include "base/error.hh"
#include "samples.hh"
#include "support/golden.hh"
#include "tar/header.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

namespace mica::tar::test {

std::ostream &operator<<(std::ostream &out, const Sample &sample)
{
    return out << sample.name;
}

namespace {

/// A source that ends when it wants.
Entry file_of(std::uint64_t size)
{
    Entry entry;
    entry.path = "d/f";
    entry.size = size;
    return entry;
}

bool names_the_file(const Error &error)
{
    return error.kind() == ErrorKind::io && error.message().find("'d/f'") != std::string::npos;
}

/// Bytes as text that a person can review: offset, hex, characters; runs of zeros left out.
std::string dump(const std::string &bytes)
{
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        const std::string line = bytes.substr(at, 16);
        if (line.find_first_not_of('\0') == std::string::npos)
            continue;
        text += fmt::format("{:06x} ", at);
        std::string characters;
        for (const char c : line) {
            text += fmt::format(" {:02x}", static_cast<unsigned char>(c));
            characters += c >= ' ' && c <= '~' ? c : '.';
        }
        text += fmt::format("{:{}}  {}\n", "", 3 * (16 - line.size()), characters);
    }
    return text + fmt::format("{:06x}\n", bytes.size());
}

} // namespace

BOOST_AUTO_TEST_SUITE(writer)

BOOST_DATA_TEST_CASE(the_bytes_are_pinned, boost::unit_test::data::make(samples()), sample)
{
    mica::test::check_golden(fmt::format("tar/{}.txt", sample.name), dump(archive_of({sample})));
}

BOOST_AUTO_TEST_CASE(an_archive_is_made_of_blocks_and_ends_with_two_zero_ones)
{
    const std::string archive = archive_of(samples());
    BOOST_TEST(archive.size() % block_size == 0U);
    BOOST_TEST(archive.substr(archive.size() - 1024) == std::string(1024, '\0'));
}

BOOST_AUTO_TEST_CASE(a_size_of_8_gib_goes_into_a_record)
{
    HeaderFields fields;
    fields.name = "big";
    PaxRecords records;
    fields.size = (std::uint64_t{1} << 33) - 1;
    (void)encode_header(fields, records);
    BOOST_TEST(records.empty());
    ++fields.size;
    (void)encode_header(fields, records);
    BOOST_TEST(records.at("size") == "8589934592");
}

BOOST_AUTO_TEST_CASE(a_file_that_shrank_is_named)
{
    StringSink out;
    StringSource bytes{"1234"};
    BOOST_CHECK_EXCEPTION((Writer{out}.add(file_of(5), &bytes)), Error, names_the_file);
}

BOOST_AUTO_TEST_CASE(a_file_that_grew_is_named)
{
    StringSink out;
    StringSource bytes{"123456"};
    BOOST_CHECK_EXCEPTION((Writer{out}.add(file_of(5), &bytes)), Error, names_the_file);
    StringSource more{"1"};
    BOOST_CHECK_EXCEPTION((Writer{out}.add(file_of(0), &more)), Error, names_the_file);
}

BOOST_AUTO_TEST_CASE(an_attribute_that_a_record_cannot_name_is_refused)
{
    Entry entry = file_of(0);
    entry.xattrs["user.a=b"] = "c";
    StringSink out;
    BOOST_CHECK_EXCEPTION((Writer{out}.add(entry, nullptr)), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::unsupported; });
}

BOOST_AUTO_TEST_CASE(a_stop_ends_a_long_file)
{
    std::stop_source stop;
    stop.request_stop();
    StringSink out;
    BOOST_CHECK_THROW((Writer{out, stop.get_token()}.add(file_of(0), nullptr)), Cancelled);
}

BOOST_AUTO_TEST_CASE(seconds_are_rounded_down)
{
    using namespace std::chrono_literals;
    BOOST_TEST((whole_seconds(from_unix(5) + 999ms) == from_unix(5)));
    BOOST_TEST((whole_seconds(from_unix(-5) - 1ns) == from_unix(-6)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::tar::test
