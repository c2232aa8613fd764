#include "exec/copy/destination.hh"

#include "files.hh"
#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;

BOOST_AUTO_TEST_SUITE(destination)

NewFilePtr file(const char *line)
{
    auto change = changes_of({line}).at(0);
    return std::make_shared<NewFile>(NewFile{std::move(change.entry), std::move(change.content)});
}

BOOST_AUTO_TEST_CASE(shows_the_base_until_something_covers_it)
{
    const auto base = tree_of({"f d/x", "l d/l>x"});
    Destination destination{layer::lookup_in(base)};
    BOOST_TEST((destination.type("d/x") == tar::FileType::regular));
    destination.put("d", file("f d=now a file"));
    BOOST_TEST((destination.type("d") == tar::FileType::regular));
    BOOST_TEST(!destination.type("d/x"));
    BOOST_TEST(!destination.type("none"));
    CHECK_LINES(describe(destination.changes()), "f 0644 0:0 d=now a file");
}

BOOST_AUTO_TEST_CASE(a_directory_that_comes_back_is_opaque)
{
    const auto base = tree_of({"f d/x"});
    Destination destination{layer::lookup_in(base)};
    destination.put("d", file("f d"));
    destination.put("d", file("d 0700 d"));
    destination.put("d/y", file("f y"));
    BOOST_TEST(!destination.type("d/x"));
    CHECK_LINES(describe(destination.changes()), "d 0700 0:0 d", "o d", "f 0644 0:0 d/y");
    auto tree = base;
    layer::ChangeList list{destination.changes()};
    tree.apply_layer(list, 1, {});
    BOOST_TEST(tree.find("d/x") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_directory_over_a_directory_keeps_its_children)
{
    const auto base = tree_of({"f d/x"});
    Destination destination{layer::lookup_in(base)};
    destination.put("d/y", file("f y"));
    destination.put("d", file("d 0700 d"));
    BOOST_TEST(destination.is_directory("d"));
    BOOST_TEST(destination.type("d/x").has_value());
    CHECK_LINES(describe(destination.changes()), "d 0700 0:0 d", "f 0644 0:0 d/y");
}

BOOST_AUTO_TEST_CASE(links_that_were_just_made_are_followed)
{
    const auto base = tree_of({"d real"});
    Destination destination{layer::lookup_in(base)};
    destination.put("lnk", file("l lnk>/real"));
    BOOST_TEST(destination.resolve("/lnk/x", true) == "real/x");
    BOOST_TEST(destination.resolve("/lnk", false) == "lnk");
    destination.put("d", file("d d"));
    destination.put("d/l", file("l l>/in"));
    BOOST_TEST(destination.resolve("l/x", true, "d") == "d/in/x");
}

BOOST_AUTO_TEST_SUITE_END()
