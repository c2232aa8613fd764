#include "dockerfile/csv.hh"

#include "support.hh"

namespace mica::dockerfile {

namespace {

using Words = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(commas_part_fields)
{
    BOOST_TEST(csv_fields("a,b=c, d") == (Words{"a", "b=c", " d"}), boost::test_tools::per_element());
    BOOST_TEST(csv_fields(",a,") == (Words{"", "a", ""}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(quotes_hold_commas_and_quotes)
{
    BOOST_TEST(csv_fields(R"("a,b","c""d",e)") == (Words{"a,b", "c\"d", "e"}),
               boost::test_tools::per_element());
    BOOST_TEST(csv_fields(R"("")") == Words{""}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(quotes_in_other_places_are_refused)
{
    for (const auto *line : {"", "a\"b", "\"a", "\"a\"b", "a,b\"", "\"\"\""})
        BOOST_TEST(contains(failure([&] { return csv_fields(line); }), "failed to parse"), line);
}

BOOST_AUTO_TEST_CASE(booleans_have_few_forms)
{
    for (const auto *text : {"1", "t", "true", "TRUE", "True", "T"})
        BOOST_TEST(boolean_field("ro", text));
    for (const auto *text : {"0", "f", "false", "FALSE", "False", "F"})
        BOOST_TEST(!boolean_field("ro", text));
    for (const auto *text : {"", "yes", "tRUE", "2"})
        BOOST_TEST(contains(failure([&] { return boolean_field("ro", text); }), "invalid value for ro"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
