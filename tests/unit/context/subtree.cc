#include "context/subtree.hh"

#include "base/error.hh"
#include "context/memory_tree.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::context;

namespace {

struct Fixture {
    Fixture()
    {
        put("top", tar::FileType::regular);
        put("dir/sub/file", tar::FileType::regular);
        put("link", tar::FileType::symlink);
    }
    void put(const std::string &path, tar::FileType type)
    {
        tar::Entry entry;
        entry.path = path;
        entry.type = type;
        entry.link_target = type == tar::FileType::symlink ? "dir" : "";
        tree->put(entry, type == tar::FileType::regular ? std::make_shared<StringContent>(path) : nullptr);
    }
    std::shared_ptr<MemoryTree> tree = std::make_shared<MemoryTree>("archive");
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(subtrees, Fixture)

BOOST_AUTO_TEST_CASE(paths_begin_at_the_directory)
{
    const auto sub = subtree(tree, "/dir/");
    BOOST_TEST(sub->list("") == std::vector<std::string>{"sub"}, boost::test_tools::per_element());
    BOOST_TEST(sub->find("sub/file").value().path == "sub/file");
    BOOST_TEST(read_all(*sub->content("sub/file")->open(), 100) == "dir/sub/file");
    BOOST_TEST(!sub->find("top").has_value());
}

BOOST_AUTO_TEST_CASE(nothing_leads_out)
{
    BOOST_TEST((subtree(tree, "/../..") == tree));
}

BOOST_AUTO_TEST_CASE(what_is_no_directory_is_none)
{
    for (const auto *path : {"none", "top", "link/sub"})
        BOOST_CHECK_THROW((void)subtree(tree, path), Error);
}

BOOST_AUTO_TEST_SUITE_END()
