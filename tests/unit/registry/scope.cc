#include "registry/scope.hh"

#include <boost/test/unit_test.hpp>

using mica::registry::Scopes;

BOOST_AUTO_TEST_CASE(scopes_as_text)
{
    const auto both = Scopes::push("a/b").with(Scopes::pull("c"));
    BOOST_TEST(both.texts() == (std::vector<std::string>{"repository:a/b:pull,push", "repository:c:pull"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_set_covers_its_parts)
{
    const auto both = Scopes::push("a").with(Scopes::pull("b"));
    BOOST_TEST(both.covers(Scopes::pull("a")));
    BOOST_TEST(both.covers(Scopes::pull("b")));
    BOOST_TEST(!both.covers(Scopes::push("b")));
    BOOST_TEST(!both.covers(Scopes::pull("c")));
}

BOOST_AUTO_TEST_CASE(scopes_are_read_from_challenges)
{
    BOOST_TEST((Scopes::parse("repository:a/b:push,pull repository:c:pull") ==
                Scopes::push("a/b").with(Scopes::pull("c"))));
    BOOST_TEST((Scopes::parse("repository:host:5000/a:pull") == Scopes::pull("host:5000/a")));
    BOOST_TEST((Scopes::parse(" nonsense x:y ") == Scopes{}));
}
