// What way_to() says of a path is what the tree says, whatever the layers are.
#include "layer/way.hh"

#include "io/hash.hh"
#include "layer/layer_index.hh"
#include "trees.hh"
#include <boost/test/unit_test.hpp>

namespace mica::layer::test {

namespace {

using Layers = std::vector<std::vector<Change>>;

/// The way to a path, by way of indexes.
std::optional<FileTree> way_in(const Layers &layers, std::string_view path)
{
    const Digest id = sha256("x");
    std::vector<std::string> bytes;
    for (const auto &changes : layers) {
        IndexWriter writer{id};
        for (const auto &change : changes)
            writer.add(change);
        bytes.push_back(writer.finish());
    }
    std::vector<IndexOf> indexes;
    for (const auto &index : bytes)
        indexes.push_back({id, index});
    return way_to(path, indexes, {});
}

/// Changes as no diff would give them: in disorder, a path several times, files in the way of others.
Layers random_layers(RandomTrees &random)
{
    Layers layers(1 + random.below(4));
    for (auto &changes : layers)
        for (unsigned left = random.below(14); left > 0; --left) {
            auto path = random.any_path();
            if (path.empty())
                continue;
            switch (random.below(6)) {
            case 0:
                changes.push_back(removal(path));
                break;
            case 1:
                changes.push_back(opaque(path));
                break;
            default:
                changes.push_back(random.any_entry(path));
            }
        }
    return layers;
}

std::string told(const FileTree::InodePtr &inode)
{
    if (!inode)
        return "nothing";
    return entry_of("", *inode).link_target + "|" + std::to_string(static_cast<int>(inode->type)) + "|" +
           std::to_string(inode->mode) + "|" + std::to_string(inode->uid) + "|" +
           std::to_string(inode->layer) + "|" + inode->path_in_layer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(way)

BOOST_AUTO_TEST_CASE(it_says_of_each_path_and_those_above_what_the_tree_says)
{
    for (std::uint32_t seed = 0; seed < 1500; ++seed) {
        RandomTrees random{seed};
        const auto layers = random_layers(random);
        const auto tree = tree_of(layers);
        for (int i = 0; i < 12; ++i) {
            auto path = random.any_path();
            const auto way = way_in(layers, path);
            BOOST_TEST_REQUIRE(way.has_value());
            while (true) {
                BOOST_TEST_REQUIRE(told(way->find(path)) == told(tree.find(path)), seed << " " << path);
                if (path.empty())
                    break;
                const auto slash = path.rfind('/');
                path.resize(slash == std::string::npos ? 0 : slash);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_directory_that_only_its_files_tell_of_is_there)
{
    const auto way = way_in({{file("usr/share/doc/x")}}, "usr/share");
    BOOST_TEST((way->find("usr/share")->type == tar::FileType::directory));
    BOOST_TEST(!way_in({{file("usr/shared/x")}}, "usr/share")->find("usr/share"));
}

BOOST_AUTO_TEST_CASE(a_removal_brings_no_directory_into_being)
{
    BOOST_TEST(!way_in({{removal("a/b/c")}}, "a/b")->find("a"));
}

BOOST_AUTO_TEST_CASE(a_hard_link_on_the_way_needs_the_tree)
{
    const Layers layers{{file("x"), hardlink("a/y", "x"), file("a/z")}};
    BOOST_TEST(!way_in(layers, "a/y").has_value());
    BOOST_TEST(way_in(layers, "a/z").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::layer::test
