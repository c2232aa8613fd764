#include "cache/entry.hh"

#include "cache/cache_index.hh"
#include "io/hash.hh"
#include "support/errors.hh"
#include "support/golden.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cache;

namespace {

const CacheEntry entry{{sha256("tar"), {oci::MediaType::oci_layer_gzip, sha256("blob"), 4}},
                       from_unix(1000),
                       {"Dockerfile build", 2, "RUN make"},
                       from_unix(2000)};

} // namespace

BOOST_AUTO_TEST_SUITE(entries_as_json)

BOOST_AUTO_TEST_CASE(the_form_is_pinned)
{
    mica::test::check_golden("cache/entry.txt", to_json(entry) + "\n");
    BOOST_TEST((parse_entry(to_json(entry)) == entry));
}

BOOST_AUTO_TEST_CASE(an_entry_that_does_not_say_when_it_was_made_was_made_when_its_layer_was)
{
    auto text = to_json(entry);
    const auto made = text.find(R"(,"made":)");
    text.erase(made, text.find(',', made + 1) - made);
    BOOST_TEST((parse_entry(text).made == from_unix(1000)));
}

BOOST_AUTO_TEST_CASE(what_is_no_entry_is_refused)
{
    for (const auto *text : {"", "{", "[]", "7", "{}", R"({"version":1})", R"({"version":2,"layer":7})"})
        BOOST_TEST(test::kind_of([&] { (void)parse_entry(text); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(parts_come_back)
{
    const std::vector<KeyPart> parts{{"a", "1:x,"}, {"b", ""}};
    BOOST_TEST((parse_parts(to_json(parts)) == parts));
    BOOST_TEST(test::kind_of([] { (void)parse_parts("{"); }) == ErrorKind::integrity);
    BOOST_TEST(test::kind_of([] { (void)parse_parts("[[1]]"); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(an_index_comes_back)
{
    CacheIndex index;
    index.items.insert({CacheKey{sha256("key")}, {entry, from_unix(5)}});
    index.bases.insert({sha256("base"), from_unix(6)});
    BOOST_TEST((parse_cache_index(to_json(index)) == index));
}

BOOST_AUTO_TEST_CASE(an_index_of_another_version_is_told_from_a_damaged_one)
{
    BOOST_TEST(test::kind_of([] { (void)parse_cache_index(R"({"version":9})"); }) == ErrorKind::unsupported);
    BOOST_TEST(test::kind_of([] { (void)parse_cache_index(R"({"version":1})"); }) == ErrorKind::integrity);
    BOOST_TEST(test::kind_of([] { (void)parse_cache_index("x"); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_CASE(lists_are_framed_and_unframed)
{
    const std::vector<std::string> list{"", "a,b", "3:x,"};
    BOOST_TEST((unframe_list(frame_list(list)) == list));
    for (const auto *text : {"1", "1:", "2:a,", "1:a;", "x:a,", "-1:a,", "99999999999999999999:a,"})
        BOOST_TEST(!unframe_list(text));
}

BOOST_AUTO_TEST_SUITE_END()
