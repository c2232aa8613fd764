#include "dockerfile/directives.hh"

#include "support.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace mica::dockerfile {

namespace {

namespace data = boost::unit_test::data;

const Row syntaxes[] = {
    {"# syntax=a/b:1\nFROM x", "a/b:1"},
    {"#syntax = a\r\nFROM x", "a"},
    {"# SYNTAX=a more words\n", "a"},
    {"\xef\xbb\xbf# syntax=a", "a"},
    {"# escape=`\n# syntax=a", "a"},
    {"#!/usr/bin/env x\n# syntax=a", "a"},
    {"// syntax=a\nanything", "a"},
    {"{\"syntax\": \"a\", \"more\": [1]}", "a"},
    {" {\n\"syntax\": \"a\"}\n", "a"},
    {"", ""},
    {"FROM x\n# syntax=a", ""},
    {"\n# syntax=a", ""},
    {"# a comment\n# syntax=a", ""},
    {"# other=1\n# syntax=a", ""},
    {" # syntax=a", ""},
    {"# syntax=", ""},
    {"# 1syntax=a", ""},
    {"{\"syntax\": 1}", ""},
    {"{\"syntax\": \"a\"} x", ""},
    {"[\"syntax\"]", ""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(directives)

BOOST_DATA_TEST_CASE(a_file_may_name_its_front_end, data::make(syntaxes), row)
{
    const auto found = detect_syntax(row.input, "D");
    BOOST_TEST((found ? found->image : "") == row.output);
}

BOOST_AUTO_TEST_CASE(the_whole_value_is_kept_too)
{
    const auto found = detect_syntax("# escape=`\n# syntax=a b\n", "D");
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->value == "a b");
    BOOST_TEST(found->where.first_line == 2U);
}

BOOST_AUTO_TEST_CASE(values_keep_their_casing_and_inner_blanks)
{
    const auto found = read_directives("# Check = skip=A, B ; error=true \n", "D");
    BOOST_REQUIRE_EQUAL(found.size(), 1U);
    BOOST_TEST(found[0].name == "check");
    BOOST_TEST(found[0].value == "skip=A, B ; error=true");
}

BOOST_AUTO_TEST_CASE(a_second_one_of_a_name_is_an_error)
{
    DirectiveReader reader{"D"};
    BOOST_TEST(reader.next("# check=a", 1).has_value());
    BOOST_TEST(failure([&] { return reader.next("#Check=a", 2); }) ==
               "only one check parser directive can be used");
}

BOOST_AUTO_TEST_CASE(the_first_other_line_ends_them)
{
    DirectiveReader reader{"D"};
    BOOST_TEST(!reader.next("", 1));
    BOOST_TEST(reader.done());
    BOOST_TEST(!reader.next("# check=a", 2));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
