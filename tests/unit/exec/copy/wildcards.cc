#include "exec/copy/wildcards.hh"

#include "files.hh"
#include "io/fd.hh"
#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;

BOOST_AUTO_TEST_SUITE(wildcards)

struct Fixture {
    std::unique_ptr<SourceView> view;
    explicit Fixture(const Lines &lines = {}) : view{view_of(tree_of(lines), provider_of(lines))} {}
    Lines names(const char *source) const
    {
        Lines result;
        for (const auto &match : match_source(*view, source, ".dockerignore"))
            result.push_back(match.name);
        return result;
    }
};

BOOST_AUTO_TEST_CASE(stay_within_a_component)
{
    const Fixture f{{"f a.go", "f .hid.go", "f sub/b.go", "d sub/deep", "f sub/deep/c.go"}};
    CHECK_LINES(f.names("*.go"), ".hid.go", "a.go");
    CHECK_LINES(f.names("/*/*.go"), "sub/b.go");
    CHECK_LINES(f.names("*"), ".hid.go", "a.go", "sub");
    CHECK_LINES(f.names("sub/*/c.go"), "sub/deep/c.go");
    CHECK_LINES(f.names("s?b/d[a-e]ep"), "sub/deep");
    CHECK_LINES(f.names("../*/b.go"), "sub/b.go");
    BOOST_TEST(f.names("*/none").empty());
    BOOST_TEST(f.names("a.go/*").empty());
}

BOOST_AUTO_TEST_CASE(can_be_escaped)
{
    const Fixture f{{"f st*r", "f star", "f q?", "f qx", "f arr[0]", "f back\\slash"}};
    CHECK_LINES(f.names("st\\*r"), "st*r");
    CHECK_LINES(f.names("q[?]"), "q?");
    CHECK_LINES(f.names("arr[[]0]"), "arr[0]");
    CHECK_LINES(f.names("arr\\[0]"), "arr[0]");
    CHECK_LINES(f.names("back\\slash"), "back\\slash");
    CHECK_LINES(f.names("back\\\\slash"), "back\\slash");
}

BOOST_AUTO_TEST_CASE(follow_links_before_the_first_wildcard_and_in_matches)
{
    const Fixture f{{"f real/a", "f real/b", "l lnk>real", "l two>/real/a"}};
    CHECK_LINES(f.names("lnk/*"), "real/a", "real/b");
    BOOST_TEST(f.names("l*k/a").empty());
    const auto match = match_source(*f.view, "tw*", "").at(0);
    BOOST_TEST(match.name == "two");
    BOOST_TEST(match.path == "real/a");
}

BOOST_AUTO_TEST_CASE(say_when_an_ignore_file_hides_the_source)
{
    const mica::test::TemporaryDirectory directory;
    write_file_atomically(directory / "secret", "x");
    const auto context = context::open_directory(directory.path(), context::IgnoreList{{"sec*"}});
    const auto hidden = view_of(*context);
    const auto error =
        mica::test::error_of([&] { (void)match_source(*hidden, "./secret", "my.dockerignore"); });
    BOOST_TEST(error.message() == "\"/secret\": not found");
    BOOST_TEST(*error.hint() == "it is excluded by my.dockerignore");
}

BOOST_AUTO_TEST_CASE(need_the_directory_before_them)
{
    const Fixture f{{"f a"}};
    BOOST_TEST((mica::test::kind_of([&] { (void)f.names("none/*"); }) == ErrorKind::not_found));
    BOOST_TEST((mica::test::kind_of([&] { (void)f.names("a["); }) == ErrorKind::usage));
}

BOOST_AUTO_TEST_SUITE_END()
