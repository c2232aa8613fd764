#include "exec/copy/ids.hh"

#include "exec/copy/user_database.hh"
#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace mica;
using namespace mica::exec;
using mica::test::kind_of;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(ids)

const std::string passwd = "# comment\n"
                           "root:x:0:0:root:/root:/bin/sh\n"
                           "broken:x:zero:0::/:\n"
                           "  app:x:1001:1002:The App:/home/app:/bin/sh\r\n"
                           "app:x:7:7::/other:\n"
                           "short:x:5:6\n"
                           "huge:x:4294967295:0::/:\n";
const std::string group =
    "root:x:0:\nstaff:x:50:app,other\napp:x:1002:\nwheel:x:10:other\nextra:x:60:x,app\nbad:x:a:app\n";

struct ChownCase {
    const char *text;
    std::uint32_t uid, gid;
    friend std::ostream &operator<<(std::ostream &out, const ChownCase &c) { return out << c.text; }
};

const ChownCase chowns[] = {
    {"0", 0, 0},        {"55", 55, 55},      {"55:3", 55, 3},   {"app", 1001, 1002},  {"app:staff", 1001, 50},
    {"app:7", 1001, 7}, {"9:staff", 9, 50},  {":staff", 0, 50}, {"app:", 1001, 1002}, {":", 0, 0},
    {"root", 0, 0},     {"root:root", 0, 0}, {"short", 5, 6},   {"1001", 1001, 1001},
};

BOOST_DATA_TEST_CASE(of_chown, data::make(chowns))
{
    const auto owner = resolve_chown(sample.text, passwd, group);
    BOOST_TEST(owner.uid == sample.uid);
    BOOST_TEST(owner.gid == sample.gid);
}

BOOST_AUTO_TEST_CASE(of_chown_need_files_only_for_names)
{
    BOOST_TEST((chown_needs("5:6") == NeededFiles{}));
    BOOST_TEST((chown_needs("root:root") == NeededFiles{}));
    BOOST_TEST((chown_needs("app") == NeededFiles{.passwd = true, .group = false}));
    BOOST_TEST((chown_needs("5:g") == NeededFiles{.passwd = false, .group = true}));
    BOOST_TEST((chown_needs(":") == NeededFiles{}));
}

const char *const unknown[] = {"nobody",      "app:nogroup",   "broken",    "huge",
                               "99999999999", "5:99999999999", "4294967295"};

BOOST_DATA_TEST_CASE(that_are_not_there_are_errors, data::make(unknown))
{
    BOOST_TEST(kind_of([&] { (void)resolve_chown(sample, passwd, group); }) == ErrorKind::dockerfile);
}

struct UserCase {
    const char *text;
    std::uint32_t uid, gid;
    std::vector<std::uint32_t> groups;
    const char *home;
    friend std::ostream &operator<<(std::ostream &out, const UserCase &c) { return out << c.text; }
};

const UserCase users[] = {
    {"", 0, 0, {0}, "/root"},
    {"app", 1001, 1002, {1002, 50, 60}, "/home/app"},
    {"1001", 1001, 1002, {1002, 50, 60}, "/home/app"},
    {"app:wheel", 1001, 10, {10}, "/home/app"},
    {"app:77", 1001, 77, {77}, "/home/app"},
    {"4000", 4000, 0, {0}, ""},
    {"4000:staff", 4000, 50, {50}, ""},
    {"short", 5, 6, {6}, ""},
};

BOOST_DATA_TEST_CASE(of_a_process, data::make(users))
{
    const auto user = resolve_user(sample.text, passwd, group);
    BOOST_TEST(user.uid == sample.uid);
    BOOST_TEST(user.gid == sample.gid);
    BOOST_TEST(user.groups == sample.groups, boost::test_tools::per_element());
    BOOST_TEST(user.home == sample.home);
}

BOOST_AUTO_TEST_CASE(of_a_process_without_any_file)
{
    BOOST_TEST(resolve_user("", "", "").uid == 0U);
    BOOST_TEST(resolve_user("root", "", "").uid == 0U);
    BOOST_TEST(resolve_user("12:34", "", "").gid == 34U);
    BOOST_TEST(kind_of([] { (void)resolve_user("app", "", ""); }) == ErrorKind::dockerfile);
}

BOOST_AUTO_TEST_CASE(files_are_bounded)
{
    const std::string large(11 << 20, 'x');
    BOOST_TEST(kind_of([&] { (void)parse_passwd(large); }) == ErrorKind::integrity);
    BOOST_TEST(kind_of([&] { (void)parse_group(large); }) == ErrorKind::integrity);
}

BOOST_AUTO_TEST_SUITE_END()
