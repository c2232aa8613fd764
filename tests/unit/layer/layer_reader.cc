#include "layer/layer_reader.hh"

#include "base/error.hh"
#include "tar/writer.hh"
#include "trees.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace mica::layer::test {

namespace {

std::unique_ptr<Source> tar_of(const std::vector<Change> &entries)
{
    StringSink out;
    tar::Writer writer{out};
    for (const Change &change : entries) {
        const auto bytes = change.content ? change.content->open() : nullptr;
        writer.add(change.entry, bytes.get());
    }
    writer.finish();
    return std::make_unique<StringSource>(out.str());
}

std::vector<Change> read(const std::vector<Change> &entries)
{
    std::vector<Change> changes;
    read_layer(tar_of(entries), [&](const Change &change, Source *) { changes.push_back(change); }, {});
    return changes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_reader)

BOOST_AUTO_TEST_CASE(whiteouts_become_removals_and_opaque_marks)
{
    BOOST_TEST(summary(read({file("a/.wh.b"), file("a/.wh..wh..opq"), file(".wh.c"), file(".wh..wh..opq"),
                             file("a/d")})) == (std::vector<std::string>{"-a/b", "!a", "-c", "!", "+a/d"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_comes_with_its_bytes)
{
    std::string bytes;
    read_layer(tar_of({file("a", "hello"), file("b")}),
               [&](const Change &change, Source *body) {
                   BOOST_TEST((body != nullptr) == (change.entry.path == "a"));
                   if (body != nullptr)
                       bytes += read_all(*body);
               },
               {});
    BOOST_TEST(bytes == "hello");
}

BOOST_AUTO_TEST_CASE(what_aufs_kept_for_itself_is_left_out)
{
    BOOST_TEST(summary(read({directory(".wh..wh.plnk"), file(".wh..wh.plnk/1.2"), file(".wh..wh.aufs"),
                             file("a")})) == std::vector<std::string>{"+a"},
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(whiteouts_of_nothing_are_refused,
                     boost::unit_test::data::make({"a/.wh.", "a/.wh..", "a/.wh...", ".wh.d/file"}), path)
{
    BOOST_CHECK_EXCEPTION(read({file(path)}), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::integrity; });
}

BOOST_AUTO_TEST_CASE(a_tar_gives_its_changes_to_a_tree_once)
{
    TarChanges changes{tar_of({file("a/b"), hardlink("c", "a/b")})};
    FileTree tree;
    tree.apply_layer(changes, 3, {});
    BOOST_TEST((tree.find("c") == tree.find("a/b")));
    BOOST_CHECK_THROW(tree.apply_layer(changes, 4, {}), Error);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::layer::test
