#include "tar/path.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

namespace mica::tar {

BOOST_AUTO_TEST_SUITE(path)

BOOST_AUTO_TEST_CASE(names_are_cleaned)
{
    const std::vector<std::pair<std::string, std::string>> cases{
        {"a/b", "a/b"}, {"./a//b/", "a/b"}, {"/a", "a"},    {"", ""},           {"/", ""},
        {"./", ""},     {"a/./b", "a/b"},   {"...", "..."}, {"a/..b", "a/..b"}, {"\xff", "\xff"}};
    for (const auto &[name, clean] : cases) {
        BOOST_TEST(clean_path(name) == clean);
        BOOST_TEST(is_clean_path(clean));
        BOOST_TEST(is_clean_path(name) == (name == clean), name);
    }
}

BOOST_AUTO_TEST_CASE(names_that_could_leave_the_root_are_refused)
{
    const std::vector<std::string> names{
        "..", "../a", "a/..", "a/../b", "/..", std::string("a\0b", 3), std::string(max_path_length + 1, 'x')};
    for (const std::string &name : names) {
        BOOST_CHECK_EXCEPTION((void)clean_path(name), Error,
                              [](const Error &error) { return error.kind() == ErrorKind::integrity; });
        BOOST_TEST(!is_clean_path(name));
    }
}

BOOST_AUTO_TEST_CASE(a_path_is_parent_and_name)
{
    BOOST_TEST(parent_path("a/b/c") == "a/b");
    BOOST_TEST(base_name("a/b/c") == "c");
    BOOST_TEST(parent_path("a") == "");
    BOOST_TEST(base_name("a") == "a");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::tar
