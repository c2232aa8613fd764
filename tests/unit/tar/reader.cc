#include "tar/reader.hh"

#include "base/error.hh"
#include "samples.hh"
#include "tar/header.hh"
#include "tar/pax.hh"
#include "tar/writer.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>

namespace mica::tar::test {

namespace {

struct Read {
    Entry entry;
    std::optional<std::string> bytes;
};

std::vector<Read> read(std::string archive)
{
    std::vector<Read> entries;
    read_archive(std::make_unique<StringSource>(std::move(archive)),
                 [&](const Entry &entry, Source *body) {
                     entries.push_back({entry, std::nullopt});
                     if (body != nullptr)
                         entries.back().bytes = read_all(*body);
                 },
                 {});
    return entries;
}

std::string block(const HeaderBlock &header)
{
    return {header.data(), header.size()};
}

std::string padded(std::string bytes)
{
    bytes.resize((bytes.size() + block_size - 1) / block_size * block_size);
    return bytes;
}

/// A member with names as they are given, clean or not.
std::string member(const std::string &name, const std::string &bytes = {}, char type = '0',
                   const std::string &link = {}, const PaxRecords &extra = {})
{
    HeaderFields fields;
    fields.name = name;
    fields.type = type;
    fields.mode = 0644;
    fields.size = bytes.size();
    fields.link_name = link;
    PaxRecords records;
    const std::string header = block(encode_header(fields, records));
    records.insert(extra.begin(), extra.end());
    std::string out;
    if (!records.empty()) {
        const std::string body = pax_body(records);
        out = block(encode_pax_header(name, body.size())) + padded(body);
    }
    return out + header + padded(bytes);
}

const std::string the_end(1024, '\0');

/// A GNU long name ('L') or link ('K') for the member that follows.
std::string gnu_long(char type, const std::string &text)
{
    return member("././@LongLink", text + '\0', type);
}

bool is_integrity(const Error &error)
{
    return error.kind() == ErrorKind::integrity;
}

/// Fails in the middle, as a network does.
class FailingSource final : public Source {
public:
    explicit FailingSource(std::string bytes) : bytes_{std::move(bytes)} {}
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        const auto count = bytes_.read(into);
        if (count == 0)
            throw Error{ErrorKind::network, "connection lost"};
        return count;
    }

private:
    StringSource bytes_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(reader)

BOOST_AUTO_TEST_CASE(what_the_writer_writes_is_read_back)
{
    const auto list = samples();
    const auto entries = read(archive_of(list));
    BOOST_REQUIRE(entries.size() == list.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        Entry expected = list[i].entry;
        expected.mtime = whole_seconds(expected.mtime);
        BOOST_TEST((entries[i].entry == expected), list[i].name);
        BOOST_TEST(entries[i].bytes.value_or("") == list[i].bytes, list[i].name);
    }
}

BOOST_AUTO_TEST_CASE(names_are_cleaned)
{
    const auto entries = read(member("./a") + member("/b") + member("d//", {}, '5') + member("./", {}, '5') +
                              member("c", {}, '1', "./a") + the_end);
    BOOST_REQUIRE(entries.size() == 5U);
    BOOST_TEST(entries[0].entry.path == "a");
    BOOST_TEST(entries[1].entry.path == "b");
    BOOST_TEST(entries[2].entry.path == "d");
    BOOST_TEST(entries[3].entry.path == "");
    BOOST_TEST(entries[4].entry.link_target == "a");
}

BOOST_AUTO_TEST_CASE(names_that_leave_the_root_are_refused)
{
    BOOST_CHECK_EXCEPTION(read(member("../a") + the_end), Error, is_integrity);
    BOOST_CHECK_EXCEPTION(read(member("a/../../b") + the_end), Error, is_integrity);
    BOOST_CHECK_EXCEPTION(read(member("a", {}, '1', "../b") + the_end), Error, is_integrity);
    BOOST_CHECK_EXCEPTION(read(member(".") + the_end), Error, is_integrity);
    BOOST_CHECK_EXCEPTION(read(member(std::string(5000, 'x')) + the_end), Error, is_integrity);
}

BOOST_AUTO_TEST_CASE(the_error_names_the_entry)
{
    BOOST_CHECK_EXCEPTION(read(member("bad/../../name") + the_end), Error, [](const Error &error) {
        return !error.context().empty() &&
               error.context().front().find("bad/../../name") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_may_say_anything)
{
    const auto entries = read(member("a", {}, '2', "../../etc/passwd") + the_end);
    BOOST_TEST(entries.at(0).entry.link_target == "../../etc/passwd");
}

BOOST_AUTO_TEST_CASE(gnu_long_names_are_read)
{
    const std::string name = std::string(150, 'a') + "/" + std::string(150, 'b');
    const auto entries =
        read(gnu_long('L', name) + gnu_long('K', name + "x") + member("short", {}, '2', "short") + the_end);
    BOOST_TEST(entries.at(0).entry.path == name);
    BOOST_TEST(entries.at(0).entry.link_target == name + "x");
}

BOOST_AUTO_TEST_CASE(extended_attributes_are_read_in_both_spellings)
{
    const auto entries =
        read(member("a", {}, '0', {},
                    {{"SCHILY.xattr.user.s", std::string("a\0b", 3)}, {"LIBARCHIVE.xattr.user.l", "aGk"}}) +
             the_end);
    BOOST_TEST(entries.at(0).entry.xattrs.at("user.s") == std::string("a\0b", 3));
    BOOST_TEST(entries.at(0).entry.xattrs.at("user.l") == "hi");
}

BOOST_AUTO_TEST_CASE(a_sparse_file_is_read_with_its_holes)
{
    // GNU's format 1.0: a map of (offset, size) in front of the data.
    const std::string map = padded("2\n0\n3\n1000\n4\n");
    const auto entries = read(member("GNUSparseFile.0/s", map + "abcdefg", '0', {},
                                     {{"GNU.sparse.major", "1"},
                                      {"GNU.sparse.minor", "0"},
                                      {"GNU.sparse.name", "s"},
                                      {"GNU.sparse.realsize", "2000"}}) +
                              the_end);
    std::string expected(2000, '\0');
    expected.replace(0, 3, "abc").replace(1000, 4, "defg");
    BOOST_TEST(entries.at(0).entry.path == "s");
    BOOST_TEST(entries.at(0).entry.size == 2000U);
    BOOST_TEST((entries.at(0).bytes == expected));
}

BOOST_AUTO_TEST_CASE(a_body_need_not_be_read)
{
    int count = 0;
    read_archive(
        std::make_unique<StringSource>(member("a", std::string(100000, 'x')) + member("b") + the_end),
        [&](const Entry &, Source *) { ++count; }, {});
    BOOST_TEST(count == 2);
}

BOOST_AUTO_TEST_CASE(nothing_is_an_empty_archive)
{
    BOOST_TEST(read("").empty());
    BOOST_TEST(read(the_end).empty());
}

BOOST_AUTO_TEST_CASE(a_broken_archive_is_refused)
{
    const std::string good = member("a", std::string(3000, 'x')) + the_end;
    BOOST_CHECK_EXCEPTION(read(good.substr(0, 2000)), Error, is_integrity);
    BOOST_CHECK_EXCEPTION(read(good.substr(0, 300)), Error, is_integrity);
    BOOST_CHECK_EXCEPTION(read("this is no archive" + std::string(2000, 'x')), Error, is_integrity);
    std::string damaged = good;
    damaged[10] = 'Z';
    BOOST_CHECK_EXCEPTION(read(damaged), Error, is_integrity);
}

BOOST_AUTO_TEST_CASE(what_the_source_throws_comes_out)
{
    BOOST_CHECK_EXCEPTION(read_archive(std::make_unique<FailingSource>(member("a", std::string(3000, 'x'))),
                                       [](const Entry &, Source *) {}, {}),
                          Error, [](const Error &error) { return error.kind() == ErrorKind::network; });
}

BOOST_AUTO_TEST_CASE(the_source_is_read_to_its_end)
{
    BOOST_CHECK_THROW(
        read_archive(std::make_unique<FailingSource>(member("a") + the_end + std::string(1 << 20, '\0')),
                     [](const Entry &, Source *) {}, {}),
        Error);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_the_reading)
{
    std::stop_source stop;
    const auto visit = [&](const Entry &, Source *) { stop.request_stop(); };
    BOOST_CHECK_THROW(read_archive(std::make_unique<StringSource>(member("a") + member("b") + the_end), visit,
                                   stop.get_token()),
                      Cancelled);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::tar::test
