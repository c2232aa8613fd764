#include "exec/fixups.hh"

#include "base/error.hh"
#include "exec/fixup_bytes.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;
using layer::Change;

namespace {

Change file(const std::string &path, const std::string &bytes)
{
    Change change{
        Change::Kind::upsert,
        {.path = path, .type = tar::FileType::regular, .mode = 0644, .link_target = {}, .xattrs = {}},
        nullptr};
    change.entry.size = bytes.size();
    if (!bytes.empty())
        change.content = std::make_shared<StringContent>(bytes);
    return change;
}

Change hard_link(const std::string &path, const std::string &target)
{
    Change change{Change::Kind::upsert,
                  {.path = path, .type = tar::FileType::hardlink, .link_target = {}, .xattrs = {}},
                  nullptr};
    change.entry.link_target = target;
    return change;
}

/// "path=bytes" or "path->target" of each change.
std::string fixed(std::vector<Change> changes, std::string_view fixups, std::int64_t epoch = 100)
{
    std::string text;
    const auto source = with_fixups(std::make_unique<layer::ChangeList>(std::move(changes)),
                                    parse_fixups(fixups), from_unix(epoch));
    source->visit(
        [&](const Change &change) {
            text += change.entry.path;
            if (change.entry.type == tar::FileType::hardlink)
                text += "->" + change.entry.link_target;
            else if (change.content)
                text += "=" + read_all(*change.content->open());
            text += ' ';
        },
        {});
    return text;
}

std::string pyc(std::string_view flags, std::string_view time)
{
    return std::string{"\x6f\x0d\r\n"}.append(flags).append(time) + std::string("\5\0\0\0code", 8);
}

constexpr std::string_view zero{"\0\0\0\0", 4};

} // namespace

BOOST_AUTO_TEST_SUITE(fixups)

BOOST_AUTO_TEST_CASE(logs_are_left_out)
{
    BOOST_TEST(fixed({file("etc/x", "a"), file("var/log/apt/term.log", "b")}, "logs") == "etc/x=a ");
}

BOOST_AUTO_TEST_CASE(caches_are_left_out)
{
    BOOST_TEST(fixed({file("root/.cache/pip/x", "a"), file("var/cache/ldconfig/aux-cache", "b"),
                      file("var/lib/dpkg/status", "c"), file("var/lib/dpkg/status-old", "d")},
                     "caches") == "var/lib/dpkg/status=c ");
}

BOOST_AUTO_TEST_CASE(nothing_else_is_touched)
{
    BOOST_TEST(fixed({file("etc/machine-id", "a"), file("var/log/x", "b")}, "ar,gzip") ==
               "etc/machine-id=a var/log/x=b ");
}

BOOST_AUTO_TEST_CASE(another_name_of_a_file_that_was_left_out_keeps_its_bytes)
{
    BOOST_TEST(fixed({file("root/.cache/x", "bytes"), hard_link("srv/a", "root/.cache/x"),
                      hard_link("srv/b", "root/.cache/x")},
                     "caches") == "srv/a=bytes srv/b->srv/a ");
}

BOOST_AUTO_TEST_CASE(removals_stay)
{
    Change removal{Change::Kind::remove, {.path = "var/log/x", .link_target = {}, .xattrs = {}}, nullptr};
    BOOST_TEST(fixed({removal}, "logs") == "var/log/x ");
}

BOOST_AUTO_TEST_CASE(compiled_python_follows_the_time_of_its_source)
{
    auto bytes = pyc(zero, "\xff\xff\xff\x7f");
    fix_pyc(bytes, 0x64);
    BOOST_TEST(bytes == pyc(zero, std::string_view{"\x64\0\0\0", 4}));
    auto early = pyc(zero, std::string_view{"\x01\0\0\0", 4});
    const auto before = early;
    fix_pyc(early, 0x64);
    BOOST_TEST(early == before);
    auto hashed = pyc(std::string_view{"\1\0\0\0", 4}, "hash");
    const auto same = hashed;
    fix_pyc(hashed, 0x64);
    BOOST_TEST(hashed == same);
}

BOOST_AUTO_TEST_CASE(members_of_static_libraries_lose_time_and_owner)
{
    const std::string name = "x.o/            ", end = "100644  3         `\nabc\n";
    auto bytes =
        "!<arch>\n" + name + "1700000000  1000  1000  " + end + name + "1700000001  0     0     " + end;
    fix_ar(bytes);
    const std::string zeros = "0           0     0     ";
    BOOST_TEST(bytes == "!<arch>\n" + name + zeros + end + name + zeros + end);
}

BOOST_AUTO_TEST_CASE(a_gzip_header_loses_its_time)
{
    std::string bytes{"\x1f\x8b\x08\0abcd\2\3rest", 14};
    fix_gzip(bytes);
    BOOST_TEST(bytes == std::string("\x1f\x8b\x08\0\0\0\0\0\2\3rest", 14));
}

BOOST_AUTO_TEST_CASE(what_does_not_have_the_form_stays)
{
    for (const std::string text : {"", "!<arch>\nx", "\x1f\x8b", "PK\5\6", "short"}) {
        auto bytes = text;
        fix_pyc(bytes, 0);
        fix_ar(bytes);
        fix_gzip(bytes);
        fix_zip(bytes, 0);
        BOOST_TEST(bytes == text);
    }
}

BOOST_AUTO_TEST_CASE(names_are_parsed_and_written)
{
    BOOST_TEST(format_fixups(parse_fixups("zip,logs")) == "logs,zip");
    BOOST_TEST(format_fixups(parse_fixups("all")) == "logs,caches,machine-id,pyc,ar,gzip,zip");
    BOOST_CHECK_THROW(static_cast<void>(parse_fixups("everything")), Error);
}

BOOST_AUTO_TEST_SUITE_END()
