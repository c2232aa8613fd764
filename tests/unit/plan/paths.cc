#include "plan/paths.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>

using namespace mica::plan;

namespace {

struct Case {
    std::string first, second, expected;
};
std::ostream &operator<<(std::ostream &out, const Case &c)
{
    return out << "(" << c.first << ", " << c.second << ")";
}

const Case cleaned[] = {{"", "", "."},    {"/", "", "/"},        {"a//b/./c/", "", "a/b/c"},
                        {"/..", "", "/"}, {"../a/..", "", ".."}, {"/a/../../b", "", "/b"},
                        {"a/..", "", "."}};
const Case work_directories[] = {{"/", "app", "/app"},  {"/a", "../b", "/b"}, {"", "x", "/x"},
                                 {"/a", "", "/a"},      {"/a", "/b/", "/b/"}, {"/a", "/b/../c", "/b/../c"},
                                 {"rel", "x", "/rel/x"}};
const Case destinations[] = {{"/w", "x", "/w/x"},  {"/w", "", "/w/"},     {"/w", ".", "/w/"},
                             {"/", ".", "/"},      {"/w", "d/", "/w/d/"}, {"/w", "d/.", "/w/d/."},
                             {"/w", "/d/", "/d/"}, {"/", "/.", "/."}};
const Case last_parts[] = {{"", "", "."}, {"/", "", "/"}, {"a/b/", "", "b"}, {"b", "", "b"}};

} // namespace

BOOST_DATA_TEST_CASE(cleans_paths_as_texts, cleaned)
{
    BOOST_TEST(clean_path(sample.first) == sample.expected);
}

BOOST_DATA_TEST_CASE(a_relative_workdir_continues_the_one_before, work_directories)
{
    BOOST_TEST(working_directory(sample.first, sample.second) == sample.expected);
}

BOOST_DATA_TEST_CASE(a_destination_keeps_the_mark_of_a_directory, destinations)
{
    BOOST_TEST(destination_path(sample.first, sample.second) == sample.expected);
}

BOOST_DATA_TEST_CASE(the_last_part_of_a_path, last_parts)
{
    BOOST_TEST(base_name(sample.first) == sample.expected);
}
