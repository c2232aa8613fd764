#include "cli/grants.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace mica;
using namespace mica::cli;
namespace data = boost::unit_test::data;
namespace fs = std::filesystem;

namespace {

struct Fixture {
    Fixture()
    {
        std::string name = fs::temp_directory_path() / "mica-grants.XXXXXX";
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        directory = name;
        std::ofstream{directory / "file"} << "from the file";
        environment.variables = {{"TOKEN", "from the variable"}};
    }
    ~Fixture() { fs::remove_all(directory); }

    std::string secret(const std::string &text) const
    {
        const auto source = parse_secret(text, environment).second->open();
        return read_all(*source);
    }

    fs::path directory;
    Environment environment;
};

bool is_usage(const Error &error)
{
    return error.kind() == ErrorKind::usage;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(grants, Fixture)

BOOST_AUTO_TEST_CASE(a_secret_is_a_file_or_a_variable)
{
    BOOST_TEST(secret("id=a,src=" + (directory / "file").string()) == "from the file");
    BOOST_TEST(secret("type=file,id=a,source=" + (directory / "file").string()) == "from the file");
    BOOST_TEST(secret("id=a,env=TOKEN") == "from the variable");
    BOOST_TEST(secret("id=a,type=env,src=TOKEN") == "from the variable");
    BOOST_TEST(secret("id=TOKEN") == "from the variable");
}

BOOST_AUTO_TEST_CASE(a_file_is_read_when_it_is_needed)
{
    const auto content = parse_secret("id=a,src=" + (directory / "file").string(), environment).second;
    std::ofstream{directory / "file"} << "changed";
    const auto source = content->open();
    BOOST_TEST(read_all(*source) == "changed");
}

BOOST_DATA_TEST_CASE(secrets_that_cannot_be,
                     data::make(std::vector<std::string>{"", "a", "src=/etc/passwd", "id=a,src=/no/such/file",
                                                         "id=a,env=NOT_SET", "id=a,type=magic,env=TOKEN",
                                                         "id=a,colour=red", "id=no-such-thing"}))
{
    BOOST_CHECK_THROW(static_cast<void>(parse_secret(sample, environment)), Error);
}

BOOST_AUTO_TEST_CASE(an_agent_is_a_socket)
{
    const auto path = directory / "agent";
    const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    BOOST_REQUIRE(::bind(listener, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0);
    environment.variables["SSH_AUTH_SOCK"] = path;
    BOOST_TEST(parse_ssh("default", environment).second == path);
    BOOST_TEST(parse_ssh("mine=" + path.string(), {}).first == "mine");
    ::close(listener);
}

BOOST_AUTO_TEST_CASE(what_is_no_agent_is_refused)
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_ssh("default", {})), Error, is_usage);
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_ssh("a=" + (directory / "file").string(), {})), Error,
                          is_usage);
}

BOOST_AUTO_TEST_CASE(rights_are_given_by_name)
{
    exec::Entitlements allowed;
    add_entitlement(allowed, "security.insecure");
    BOOST_TEST(allowed.security_insecure);
    BOOST_TEST(!allowed.network_host);
    BOOST_CHECK_EXCEPTION(add_entitlement(allowed, "everything"), Error, is_usage);
}

BOOST_AUTO_TEST_SUITE_END()
