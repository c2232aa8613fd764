#include "cli/lock_file.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli;

namespace {

const auto one = Digest::parse("sha256:" + std::string(64, '1'));
const auto two = Digest::parse("sha256:" + std::string(64, '2'));

} // namespace

BOOST_AUTO_TEST_SUITE(lock_file)

BOOST_AUTO_TEST_CASE(what_is_written_is_read)
{
    const exec::Pins pins{{{"docker.io/library/a:1", one}, {"docker.io/library/b:1", two}},
                          {{"https://host/file?v=1", two}},
                          {{"https://host/x.git#v1", std::string(40, 'c')}}};
    BOOST_TEST((parse_lock(lock_json(pins)) == pins));
}

BOOST_AUTO_TEST_CASE(what_is_no_lock_is_refused)
{
    for (const char *text :
         {"", "[]", "{}", R"({"version":2,"images":[]})", R"({"version":1,"images":[{"name":"a"}]})",
          R"({"version":1,"images":[{"name":"a","digest":"x"}]})", R"({"version":1,"images":[],"files":7})",
          R"({"version":1,"images":[],"repositories":[{"name":"a","commit":"main"}]})"})
        BOOST_CHECK_THROW(static_cast<void>(parse_lock(text)), Error);
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_missing_says_how_to_make_one)
{
    try {
        static_cast<void>(read_lock("/nowhere/mica.lock"));
        BOOST_FAIL("it was read");
    } catch (const Error &error) {
        BOOST_TEST(error.hint().value().find("mica lock") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(changes_are_told_by_name)
{
    const std::string commit(40, 'c');
    const exec::Pins before{{{"a", one}, {"b", one}, {"c", one}}, {}, {{"g", std::string(40, 'd')}}};
    const exec::Pins after{{{"b", one}, {"c", two}}, {{"d", one}}, {{"g", commit}}};
    BOOST_TEST(describe_changes(before, after) == "- a " + one.str() + "\n~ c " + one.str() + " → " +
                                                      two.str() + "\n+ d " + one.str() + "\n~ g " +
                                                      std::string(40, 'd') + " → " + commit + "\n");
}

BOOST_AUTO_TEST_SUITE_END()
