#include "dockerfile/flags.hh"

#include "support.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace mica::dockerfile {

namespace {

namespace data = boost::unit_test::data;

Flags read(const std::vector<std::string> &flags)
{
    return Flags::parse(
        flags, {{"link", FlagKind::boolean}, {"chown", FlagKind::text}, {"exclude", FlagKind::texts}});
}

const Row failures[] = {
    {"--nope", "unknown flag: --nope"},
    {"--chwn=a", "unknown flag: --chwn (did you mean chown?)"},
    {"--LINK", "unknown flag: --LINK"},
    {"--", "unknown flag: --"},
    {"--=a", "unknown flag: --"},
    {"--chown", "missing a value on flag: --chown"},
    {"--exclude", "missing a value on flag: --exclude"},
    {"--link=", "missing a value on flag: --link"},
    {"--link=maybe", "expecting boolean value for flag --link, not: maybe"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(flags)

BOOST_AUTO_TEST_CASE(values_are_given_by_kind)
{
    const auto given = read({"--chown=a=b", "--link", "--exclude=x", "--exclude="});
    BOOST_TEST(given.text("chown").value() == "a=b");
    BOOST_TEST(given.boolean("link").value());
    BOOST_TEST(given.texts("exclude") == (std::vector<std::string>{"x", ""}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_not_given_is_absent)
{
    const auto given = read({});
    BOOST_TEST(!given.text("chown"));
    BOOST_TEST(!given.boolean("link"));
    BOOST_TEST(given.texts("exclude").empty());
}

BOOST_AUTO_TEST_CASE(a_text_may_be_empty)
{
    BOOST_TEST(read({"--chown="}).text("chown").value() == "");
}

BOOST_AUTO_TEST_CASE(booleans_take_any_case)
{
    BOOST_TEST(read({"--link=TRUE"}).boolean("link").value());
    BOOST_TEST(!read({"--link=False"}).boolean("link").value());
}

BOOST_DATA_TEST_CASE(a_bad_flag_is_refused, data::make(failures), row)
{
    BOOST_TEST(contains(failure([&] { return read({row.input}); }), row.output));
}

BOOST_AUTO_TEST_CASE(only_lists_may_come_twice)
{
    BOOST_TEST(failure([] { return read({"--chown=a", "--chown=a"}); }) ==
               "duplicate flag specified: --chown");
    BOOST_TEST(failure([] { return read({"--link", "--link"}); }) == "duplicate flag specified: --link");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
