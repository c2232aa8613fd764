#include "exec/copy/unpack.hh"

#include "base/handle.hh"
#include "files.hh"
#include "support/errors.hh"
#include "tar/archive_stream.hh"
#include "tar/writer.hh"
#include <archive.h>
#include <archive_entry.h>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;
using mica::test::error_of;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(unpacking)

std::string tar_of(const Lines &members)
{
    StringSink bytes;
    tar::Writer writer{bytes};
    for (const auto &change : changes_of(members)) {
        const auto body = change.content ? change.content->open() : nullptr;
        writer.add(change.entry, body.get());
    }
    writer.finish();
    return bytes.str();
}

/// By libarchive's "raw" writer: one file, only compressed.
std::string compressed(const std::string &bytes, const char *filter)
{
    const Handle<archive, ::archive_write_free> writer{::archive_write_new()};
    std::string out(bytes.size() + 65536, '\0');
    std::size_t used = 0;
    BOOST_REQUIRE(::archive_write_add_filter_by_name(writer.get(), filter) == ARCHIVE_OK);
    ::archive_write_set_format_raw(writer.get());
    ::archive_write_set_bytes_in_last_block(writer.get(), 1);
    ::archive_write_open_memory(writer.get(), out.data(), out.size(), &used);
    const Handle<archive_entry, ::archive_entry_free> entry{::archive_entry_new()};
    ::archive_entry_set_filetype(entry.get(), S_IFREG);
    ::archive_write_header(writer.get(), entry.get());
    ::archive_write_data(writer.get(), bytes.data(), bytes.size());
    ::archive_write_close(writer.get());
    out.resize(used);
    return out;
}

/// ADD of archives that lie in memory.
struct AddCase : CopyCase {
    std::map<std::string, std::string> files;

    AddCase(Lines names, std::string to) : CopyCase{std::move(names), std::move(to)} { step.is_add = true; }
    AddCase(const Lines &members, std::string to, int) : AddCase{Lines{"t.tar"}, std::move(to)}
    {
        files["t.tar"] = tar_of(members);
    }
    Lines lines() const
    {
        std::vector<layer::Change> entries;
        for (const auto &[name, bytes] : files) {
            auto change = changes_of({"f " + name}).at(0);
            change.entry.size = bytes.size();
            entries.push_back(std::move(change));
        }
        layer::FileTree tree;
        layer::ChangeList list{std::move(entries)};
        tree.apply_layer(list, 0, {});
        const auto view = view_of(tree, [this](const layer::Inode &inode) {
            return std::make_shared<StringContent>(files.at(inode.path_in_layer));
        });
        const auto base = tree_of(destination);
        return describe(plan_copy({.step = step,
                                   .source = *view,
                                   .destination = layer::lookup_in(base),
                                   .owner = owner,
                                   .now = from_unix(build_time),
                                   .scratch = scratch.path(),
                                   .fetch = {}},
                                  {}));
    }
};

const char *const filters[] = {"none", "gzip", "bzip2", "xz", "zstd"};

BOOST_DATA_TEST_CASE(knows_archives_by_their_bytes, data::make(filters))
{
    AddCase c{{"noext"}, "/d"};
    const auto tar = tar_of({"f 3:4 foo=content"});
    c.files["noext"] = std::string{sample} == "none" ? tar : compressed(tar, sample);
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0644 3:4 d/foo=content");
    BOOST_TEST(tar::is_tar_archive(StringContent{c.files["noext"]}));
}

BOOST_DATA_TEST_CASE(takes_what_is_only_compressed_as_a_file, data::make(filters))
{
    const std::string text(2000, 'x');
    const auto bytes = std::string{sample} == "none" ? text : compressed(text, sample);
    BOOST_TEST(!tar::is_tar_archive(StringContent{bytes}));
}

BOOST_AUTO_TEST_CASE(takes_rubbish_as_a_file)
{
    for (const std::string &bytes : {std::string{}, std::string(1024, '\0'), std::string{"\x1f\x8b rubbish"},
                                     std::string{"BZh9rubbish"}, tar_of({"f a=x"}).substr(0, 500)})
        BOOST_TEST(!tar::is_tar_archive(StringContent{bytes}));
    AddCase c{{"f.tar"}, "/d/"};
    c.files["f.tar"] = "no tar at all";
    CHECK_LINES(c.lines(), "d 0755 0:0 d", "f 0644 0:0 d/f.tar=no tar at all");
}

BOOST_AUTO_TEST_CASE(is_for_add_unless_it_is_told_not_to)
{
    AddCase c{{"f a=x"}, "/d/", 0};
    c.step.unpack = false;
    BOOST_TEST(c.lines().at(1).starts_with("f 0644 0:0 d/t.tar="));
    c.step.unpack.reset();
    c.step.is_add = false;
    BOOST_TEST(c.lines().at(1).starts_with("f 0644 0:0 d/t.tar="));
}

BOOST_AUTO_TEST_CASE(several_archives_may_share_a_directory_without_a_slash)
{
    AddCase c{{"*.tar"}, "/dest"};
    c.files["a.tar"] = tar_of({"f foo=1"});
    c.files["b.tar"] = tar_of({"f bar=2"});
    CHECK_LINES(c.lines(), "d 0755 0:0 dest", "f 0644 0:0 dest/bar=2", "f 0644 0:0 dest/foo=1");
}

BOOST_AUTO_TEST_CASE(merges_into_what_is_there)
{
    AddCase c{{"d 0750 1:2 dir", "f dir/new", "f implied/x"}, "/w/", 0};
    c.destination = {"d 0700 5:6 w/dir", "f w/dir/old", "d 0711 w"};
    CHECK_LINES(c.lines(), "d 0750 1:2 w/dir", "f 0644 0:0 w/dir/new", "d 0755 0:0 w/implied",
                "f 0644 0:0 w/implied/x");
}

BOOST_AUTO_TEST_CASE(replaces_other_kinds)
{
    AddCase c{{"d file", "f file/in", "f dangling=now", "d dlink", "f dir"}, "/w/", 0};
    c.destination = {"f w/file", "l w/dangling>none", "l w/dlink>dir", "d w/dir/sub"};
    CHECK_LINES(c.lines(), "f 0644 0:0 w/dangling=now", "f 0644 0:0 w/dir", "d 0755 0:0 w/dlink",
                "d 0755 0:0 w/file", "f 0644 0:0 w/file/in");
}

BOOST_AUTO_TEST_CASE(chown_holds_for_members_and_chmod_does_not)
{
    AddCase c{{"f 0640 7:8 foo", "f q/w"}, "/out/", 0};
    c.owner = Owner{100, 200};
    c.step.chmod = "0777";
    CHECK_LINES(c.lines(), "d 0755 100:200 out", "f 0640 100:200 out/foo", "d 0755 100:200 out/q",
                "f 0644 100:200 out/q/w");
}

BOOST_AUTO_TEST_CASE(keeps_hard_links_whatever_their_order)
{
    AddCase c{{"f 04755 z=x", "h 04755 a>z", "l l>z"}, "/", 0};
    CHECK_LINES(c.lines(), "f 4755 0:0 a=x", "l 0777 0:0 l>z", "h 4755 0:0 z>a");
    AddCase missing{{"h a>z"}, "/", 0};
    missing.destination = {"f z"};
    BOOST_TEST((error_of([&] { (void)missing.lines(); }).kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_CASE(goes_through_links_of_the_image_below_the_destination)
{
    AddCase c{{"d var/run/act", "f var/run/act/HEAD=r", "h var/run/act/L>var/run/act/HEAD"}, "/", 0};
    c.destination = {"d run", "l var/run>/run"};
    CHECK_LINES(c.lines(), "d 0755 0:0 run/act", "f 0644 0:0 run/act/HEAD=r",
                "h 0644 0:0 run/act/L>run/act/HEAD");
}

BOOST_AUTO_TEST_CASE(cannot_write_outside_of_the_destination)
{
    AddCase up{{"f ok"}, "/d/", 0};
    auto &bytes = up.files["t.tar"];
    bytes = tar_of({"f xx/evil"});
    bytes.replace(0, 2, "..");
    bytes.replace(148, 8, "        ");
    unsigned sum = 0;
    for (std::size_t i = 0; i < 512; ++i)
        sum += static_cast<unsigned char>(bytes[i]);
    bytes.replace(148, 8, fmt::format("{:06o}", sum) + std::string{"\0 ", 2});
    BOOST_TEST((error_of([&] { (void)up.lines(); }).kind() == ErrorKind::integrity));

    AddCase link{{"l lnk>../../../../tmp", "f lnk/pwned=2"}, "/d/", 0};
    CHECK_LINES(link.lines(), "d 0755 0:0 d", "l 0777 0:0 d/lnk>../../../../tmp", "d 0755 0:0 d/tmp",
                "f 0644 0:0 d/tmp/pwned=2");
}

BOOST_AUTO_TEST_CASE(a_broken_archive_is_an_error)
{
    AddCase c{{"f a=" + std::string(3000, 'x')}, "/d/", 0};
    c.files["t.tar"].resize(1024);
    BOOST_TEST((error_of([&] { (void)c.lines(); }).kind() == ErrorKind::integrity));
    AddCase gz{{"t.gz"}, "/"};
    gz.files["t.gz"] = compressed(tar_of({"f a=" + std::string(3000, 'x')}), "gzip");
    gz.files["t.gz"].resize(gz.files["t.gz"].size() - 12);
    BOOST_TEST((error_of([&] { (void)gz.lines(); }).kind() == ErrorKind::integrity));
}

BOOST_AUTO_TEST_SUITE_END()
