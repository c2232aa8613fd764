#include "context/git_refs.hh"

#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::context;

BOOST_AUTO_TEST_SUITE(git_refs)

const std::string listing = "1111\trefs/heads/v1\n"
                            "2222\trefs/tags/v1\n"
                            "3333\trefs/tags/v2\n"
                            "4444\trefs/tags/v2^{}\n"
                            "5555\trefs/heads/other/v3\n"
                            "6666\trefs/pull/7/head\n";

BOOST_AUTO_TEST_CASE(a_branch_wins_over_a_tag)
{
    BOOST_TEST(find_ref(listing, "v1").name == "refs/heads/v1");
    BOOST_TEST(find_ref(listing, "v1").object == "1111");
}

BOOST_AUTO_TEST_CASE(a_tag_by_its_short_name)
{
    BOOST_TEST(find_ref(listing, "v2").name == "refs/tags/v2");
    BOOST_TEST(find_ref(listing, "tags/v1").name == "refs/tags/v1");
    BOOST_TEST(find_ref(listing, "refs/tags/v1").object == "2222");
}

BOOST_AUTO_TEST_CASE(any_ref_by_its_full_name)
{
    BOOST_TEST(find_ref(listing, "refs/pull/7/head").name == "refs/pull/7/head");
    BOOST_TEST(find_ref(listing, "pull/7/head").name == "refs/pull/7/head");
}

BOOST_AUTO_TEST_CASE(the_end_of_a_name_is_not_the_name)
{
    const auto error = test::error_of([] { (void)find_ref(listing, "v3"); });
    BOOST_TEST((error.kind() == ErrorKind::not_found));
    BOOST_TEST(test::contains(error.message(), "\"v3\""));
}

BOOST_AUTO_TEST_CASE(the_default_branch_is_what_head_points_to)
{
    BOOST_TEST(default_branch("ref: refs/heads/trunk\tHEAD\n1111\tHEAD\n") == "refs/heads/trunk");
    BOOST_TEST(default_branch("1111\tHEAD\n") == "HEAD");
    BOOST_TEST(default_branch("") == "HEAD");
}

BOOST_AUTO_TEST_CASE(a_commit_has_a_whole_hash)
{
    BOOST_TEST(is_commit_name(std::string(40, 'a')));
    BOOST_TEST(is_commit_name(std::string(64, '0')));
    BOOST_TEST(!is_commit_name(std::string(39, 'a')));
    BOOST_TEST(!is_commit_name(std::string(40, 'A')));
    BOOST_TEST(!is_commit_name("main"));
}

BOOST_AUTO_TEST_SUITE_END()
