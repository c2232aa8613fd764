#include "context/archive.hh"

#include "support/errors.hh"
#include "support/temporary_directory.hh"
#include "tar/writer.hh"
#include <boost/test/unit_test.hpp>
#include <vector>

using namespace mica;
using namespace mica::context;
using tar::FileType;

namespace {

struct Member {
    FileType type;
    std::string path, text; ///< of a file its bytes, of a link its target
};

struct Archive {
    test::TemporaryDirectory scratch;

    ArchiveTree open(const std::vector<Member> &members)
    {
        StringSink bytes;
        tar::Writer writer{bytes};
        for (const auto &member : members) {
            tar::Entry entry;
            entry.path = member.path;
            entry.type = member.type;
            entry.mode = member.type == FileType::directory ? 0700 : 0640;
            entry.uid = 7;
            entry.mtime = from_unix(1000 + static_cast<std::int64_t>(member.text.size()));
            StringSource body{member.text};
            if (member.type == FileType::regular)
                entry.size = member.text.size();
            else
                entry.link_target = member.text;
            writer.add(entry, member.type == FileType::regular ? &body : nullptr);
        }
        writer.finish();
        return open_archive(StringContent{bytes.str()}, "x.tar", scratch.path(), {});
    }
};

std::string text_of(const Context &files, std::string_view path)
{
    return read_all(*files.content(path)->open());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(archive_context, Archive)

BOOST_AUTO_TEST_CASE(members_are_files_of_root)
{
    const auto tree = open({{FileType::directory, "d", ""}, {FileType::regular, "d/f", "hello"}});
    const auto file = tree.files->find("d/f");
    BOOST_REQUIRE(file);
    BOOST_TEST(file->mode == 0640U);
    BOOST_TEST(file->uid == 0U);
    BOOST_TEST(text_of(*tree.files, "d/f") == "hello");
    BOOST_TEST(tree.files->find("d")->mode == 0700U);
}

BOOST_AUTO_TEST_CASE(directories_without_a_member_are_there)
{
    const auto tree = open({{FileType::regular, "a/b/c", "x"}});
    BOOST_TEST((tree.files->find("a/b")->type == FileType::directory));
    BOOST_TEST(tree.files->list("") == std::vector<std::string>{"a"});
    BOOST_TEST(tree.files->list("a/b") == std::vector<std::string>{"c"});
}

BOOST_AUTO_TEST_CASE(names_in_a_directory_are_sorted)
{
    const auto tree =
        open({{FileType::regular, "b", ""}, {FileType::regular, "a.b", ""}, {FileType::regular, "a/x", ""}});
    BOOST_TEST((tree.files->list("") == std::vector<std::string>{"a", "a.b", "b"}));
}

BOOST_AUTO_TEST_CASE(hard_links_share_an_id)
{
    const auto tree =
        open({{FileType::regular, "a", "x"}, {FileType::hardlink, "b", "a"}, {FileType::regular, "c", "x"}});
    BOOST_TEST(tree.files->link_id("a") != 0U);
    BOOST_TEST(tree.files->link_id("a") == tree.files->link_id("b"));
    BOOST_TEST(tree.files->link_id("c") == 0U);
    BOOST_TEST(text_of(*tree.files, "b") == "x");
}

BOOST_AUTO_TEST_CASE(a_later_member_replaces_an_earlier_one)
{
    const auto tree = open({{FileType::regular, "d/x", "1"},
                            {FileType::regular, "f", "old"},
                            {FileType::symlink, "d", "f"},
                            {FileType::regular, "f", "new"}});
    BOOST_TEST((tree.files->find("d")->type == FileType::symlink));
    BOOST_TEST(!tree.files->find("d/x"));
    BOOST_TEST(text_of(*tree.files, "f") == "new");
}

BOOST_AUTO_TEST_CASE(a_member_below_a_link_is_refused)
{
    const auto error = test::error_of(
        [&] { (void)open({{FileType::symlink, "d", "/etc"}, {FileType::regular, "d/passwd", "x"}}); });
    BOOST_TEST((error.kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(a_hard_link_to_nothing_is_refused)
{
    const auto error = test::error_of([&] { (void)open({{FileType::hardlink, "b", "a"}}); });
    BOOST_TEST((error.kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(its_date_is_that_of_the_newest_file)
{
    BOOST_TEST(
        (open({{FileType::regular, "a", "12345"}, {FileType::regular, "b", "1"}}).newest == from_unix(1005)));
    BOOST_TEST(!open({{FileType::directory, "a", ""}}).newest);
}

BOOST_AUTO_TEST_CASE(the_ignore_file_counts)
{
    const auto tree = open({{FileType::regular, "keep/a", "x"}, {FileType::regular, "keep/b", "x"}});
    const auto shown = filtered(tree.files, IgnoreList{{"keep", "!keep/a"}});
    BOOST_TEST(shown->list("keep") == std::vector<std::string>{"a"});
    BOOST_TEST(!shown->find("keep/b"));
    BOOST_TEST(shown->ignored("keep/b"));
}

BOOST_AUTO_TEST_SUITE_END()
