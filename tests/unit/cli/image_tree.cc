#include "cli/images/image_tree.hh"

#include "base/error.hh"
#include "cli/images/gitlab_pipeline.hh"
#include "io/fd.hh"
#include "support/golden.hh"
#include "support/temporary_directory.hh"
#include <boost/test/unit_test.hpp>
#include <filesystem>

using namespace mica;
using namespace mica::cli;
namespace fs = std::filesystem;

namespace {

using Names = std::set<std::string>;

struct Fixture {
    void image(const std::string &name, const std::string &dockerfile)
    {
        fs::create_directories(root() / name);
        write_file_atomically(root() / name / "Dockerfile", dockerfile);
    }
    [[nodiscard]] fs::path root() const { return directory.path() / "images"; }
    [[nodiscard]] Names names() const
    {
        Names all;
        for (const auto &folder : read_image_tree(root()))
            all.insert(folder.name);
        return all;
    }

    test::TemporaryDirectory directory;
};

const std::string from_base = "ARG REGISTRY\nARG TAG=latest\nFROM ${REGISTRY}/base:${TAG}\n";

} // namespace

BOOST_FIXTURE_TEST_SUITE(image_tree, Fixture)

BOOST_AUTO_TEST_CASE(bases_come_first)
{
    image("app", from_base);
    image("base", "FROM debian:12\n");
    fs::create_directories(root() / "no-image");
    const auto tree = read_image_tree(root());
    BOOST_TEST(tree.size() == 2U);
    BOOST_TEST(tree[0].name == "base");
    BOOST_TEST(tree[1].name == "app");
    BOOST_TEST(tree[1].bases == Names{"base"}, boost::test_tools::per_element());
    BOOST_TEST(tree[1].context == root() / "app");
}

BOOST_AUTO_TEST_CASE(every_stage_counts_and_only_this_registry)
{
    const auto bases =
        bases_in_tree("ARG REGISTRY\nFROM ${REGISTRY}/tools/gcc AS a\nFROM docker.io/library/base\n"
                      "FROM $REGISTRY/base@sha256:"
                      "0000000000000000000000000000000000000000000000000000000000000000\nFROM a\n",
                      "Dockerfile");
    BOOST_TEST(bases == (Names{"base", "tools/gcc"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_comment_names_the_context)
{
    image("mica", "# The image.\n# context: ../..\nFROM scratch\n");
    BOOST_TEST(read_image_tree(root()).front().context == directory.path());
    BOOST_TEST(context_comment("FROM scratch\n# context: x\n").empty());
}

BOOST_AUTO_TEST_CASE(images_that_are_made_from_each_other)
{
    image("a", "ARG REGISTRY\nFROM ${REGISTRY}/b\n");
    image("b", "ARG REGISTRY\nFROM ${REGISTRY}/a\n");
    BOOST_CHECK_THROW((void)read_image_tree(root()), Error);
}

BOOST_AUTO_TEST_CASE(names_that_no_repository_can_have)
{
    image("Upper", "FROM scratch\n");
    BOOST_CHECK_THROW((void)read_image_tree(root()), Error);
}

BOOST_AUTO_TEST_CASE(what_a_change_concerns)
{
    image("base", "FROM debian:12\n");
    image("app", from_base);
    image("other", "FROM debian:12\n");
    image("whole", "# context: ../../..\nFROM scratch\n");
    auto tree = read_image_tree(root());
    for (auto &folder : tree) {
        folder.directory = folder.directory.lexically_relative(directory.path());
        folder.context = folder.name == "whole" ? fs::path{} : folder.directory;
    }
    BOOST_TEST(affected_images(tree, {"images/base/x"}) == (Names{"app", "base", "whole"}),
               boost::test_tools::per_element());
    BOOST_TEST(affected_images(tree, {"images/other"}) == (Names{"other", "whole"}),
               boost::test_tools::per_element());
    BOOST_TEST(affected_images(tree, {"images/basement/x"}) == Names{"whole"},
               boost::test_tools::per_element());
    BOOST_TEST(affected_images(tree, {}).empty());
}

BOOST_AUTO_TEST_CASE(the_pipeline_is_golden)
{
    image("base", "FROM debian:12\n");
    image("app", from_base);
    image("tool", "FROM debian:12\n");
    const auto tree = read_image_tree(root());
    mica::test::check_golden("cli/gitlab-all.yml",
                             gitlab_pipeline(tree, {"app", "base", "tool"}, "images", "/.gitlab/image.yml"));
    mica::test::check_golden("cli/gitlab-one.yml",
                             gitlab_pipeline(tree, {"app"}, "images", "/.gitlab/image.yml"));
    mica::test::check_golden("cli/gitlab-none.yml",
                             gitlab_pipeline(tree, {}, "images", "/.gitlab/image.yml"));
}

BOOST_AUTO_TEST_SUITE_END()
