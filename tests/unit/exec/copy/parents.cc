#include "exec/copy/parents.hh"

#include "files.hh"
#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;
using mica::test::error_of;

BOOST_AUTO_TEST_SUITE(parents)

struct ParentsCase : CopyCase {
    explicit ParentsCase(Lines sources) : CopyCase{std::move(sources), "/out/"}
    {
        step.parents = true;
        source = {"d 0700 3:4 a",
                  "f a/b/c/d/foo=x",
                  "f a/b/c/d/e/bay",
                  "f a/b2/c/d/e/bar",
                  "f a/b/c2/d/e/baz",
                  "f a/b/c2/d/e2/baz",
                  "f top"};
    }
};

BOOST_AUTO_TEST_CASE(split_at_the_first_pivot)
{
    BOOST_TEST((split_at_pivot("/a/b/./c/./d") == PivotedSource{"a/b", "c/d"}));
    BOOST_TEST((split_at_pivot("./a/b") == PivotedSource{"", "a/b"}));
    BOOST_TEST((split_at_pivot("./x/./") == PivotedSource{"x", ""}));
    BOOST_TEST((split_at_pivot("a/.") == PivotedSource{"", "a"}));
}

BOOST_AUTO_TEST_CASE(are_kept_with_their_metadata)
{
    CHECK_LINES(ParentsCase({"a/b/c/d/foo"}).lines(), "d 0755 0:0 out", "d 0700 3:4 out/a",
                "d 0755 0:0 out/a/b", "d 0755 0:0 out/a/b/c", "d 0755 0:0 out/a/b/c/d",
                "f 0644 0:0 out/a/b/c/d/foo=x");
}

BOOST_AUTO_TEST_CASE(that_are_there_are_passed_through)
{
    ParentsCase c{{"a/b/c/d/foo"}};
    c.destination = {"d 0711 out/a/b"};
    CHECK_LINES(c.paths(), "out/a/b/c", "out/a/b/c/d", "out/a/b/c/d/foo");
}

BOOST_AUTO_TEST_CASE(begin_behind_the_pivot)
{
    CHECK_LINES(ParentsCase({"a/b/./c/d"}).paths(), "out", "out/c", "out/c/d", "out/c/d/e", "out/c/d/e/bay",
                "out/c/d/foo");
    CHECK_LINES(ParentsCase({"a/./*/c"}).paths(), "out", "out/b", "out/b/c", "out/b/c/d", "out/b/c/d/e",
                "out/b/c/d/e/bay", "out/b/c/d/foo", "out/b2", "out/b2/c", "out/b2/c/d", "out/b2/c/d/e",
                "out/b2/c/d/e/bar");
}

BOOST_AUTO_TEST_CASE(may_have_wildcards_on_both_sides)
{
    CHECK_LINES(ParentsCase({"/a/b/c*/./d/**/baz", "/a/b*/./c/**/bar"}).paths(), "out", "out/c", "out/c/d",
                "out/c/d/e", "out/c/d/e/bar", "out/d", "out/d/e", "out/d/e/baz", "out/d/e2", "out/d/e2/baz");
}

BOOST_AUTO_TEST_CASE(with_an_empty_pattern_are_those_of_all_that_is_there)
{
    CHECK_LINES(ParentsCase({"a/b2/./"}).paths(), "out", "out/c", "out/c/d", "out/c/d/e", "out/c/d/e/bar");
}

BOOST_AUTO_TEST_CASE(of_a_missing_path_are_an_error_but_not_of_a_pattern)
{
    BOOST_TEST(error_of([] { (void)ParentsCase({"a/none"}).changes(); }).message() ==
               "\"/a/none\": not found");
    CHECK_LINES(ParentsCase({"a/none*/x"}).paths(), "out");
}

BOOST_AUTO_TEST_CASE(through_a_link_are_refused)
{
    ParentsCase c{{"lnk/f"}};
    c.source = {"f real/f", "l lnk>real"};
    const auto error = error_of([&] { (void)c.changes(); });
    BOOST_TEST(mica::test::contains(error.message(), "symbolic link"));
    BOOST_TEST(mica::test::contains(*error.hint(), "/real/f"));
    c.step.sources = {"lnk"};
    CHECK_LINES(c.lines(), "d 0755 0:0 out", "l 0777 0:0 out/lnk>real");
    c.step.sources = {"lnk/./f"};
    CHECK_LINES(c.paths(), "out", "out/f");
}

BOOST_AUTO_TEST_CASE(names_that_patterns_would_read_otherwise)
{
    ParentsCase c{{"!x"}};
    c.source = {"f !x", "f y"};
    CHECK_LINES(c.paths(), "out", "out/!x");
}

BOOST_AUTO_TEST_CASE(excludes_count_from_the_same_place)
{
    ParentsCase c{{"a/b/./c"}};
    c.step.excludes = {"c/d/e"};
    CHECK_LINES(c.paths(), "out", "out/c", "out/c/d", "out/c/d/foo");
}

BOOST_AUTO_TEST_SUITE_END()
