#include "auth/helper.hh"

#include "auth/child.hh"
#include "auth/docker_config.hh"
#include "base/error.hh"
#include "io/fd.hh"
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

using namespace mica;
using namespace mica::auth;
using namespace std::chrono_literals;

namespace {

/// A directory of helpers in front of PATH, for as long as it lives.
class Helpers {
public:
    Helpers()
        : directory_{std::filesystem::temp_directory_path() / ("mica-helpers-" + std::to_string(::getpid()))}
    {
        std::filesystem::create_directory(directory_);
        ::setenv("PATH", (directory_.string() + ":" + path_).c_str(), 1);
    }
    Helpers(const Helpers &) = delete;
    Helpers &operator=(const Helpers &) = delete;
    ~Helpers()
    {
        ::setenv("PATH", path_.c_str(), 1);
        std::filesystem::remove_all(directory_);
    }
    void add(const std::string &name, const std::string &script) const
    {
        write_file_atomically(directory_ / ("docker-credential-" + name), "#!/bin/sh\n" + script + "\n",
                              0755);
    }

private:
    std::string path_ = std::getenv("PATH");
    std::filesystem::path directory_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_helper_gets_the_server_and_gives_the_login)
{
    const Helpers helpers;
    helpers.add(
        "fake",
        R"sh([ "$1" = get ] || exit 9; read -r url; printf '{"ServerURL":"x","Username":"u-%s","Secret":"s"}' "$url")sh");
    const auto found = ask_helper("fake", "r.example", 10s);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(std::get<Basic>(found->secret).user == "u-r.example");
    BOOST_TEST(found->source == "docker-credential-fake");
}

BOOST_AUTO_TEST_CASE(a_helper_may_give_a_refresh_token)
{
    const Helpers helpers;
    helpers.add("fake", R"(echo '{"Username":"<token>","Secret":"refresh"}')");
    BOOST_TEST(std::get<IdentityToken>(ask_helper("fake", "r.example", 10s).value().secret).token ==
               "refresh");
}

BOOST_AUTO_TEST_CASE(a_helper_that_knows_nothing)
{
    const Helpers helpers;
    helpers.add("fake", "echo 'credentials not found in native keychain'; exit 1");
    BOOST_TEST(!ask_helper("fake", "r.example", 10s).has_value());
}

BOOST_AUTO_TEST_CASE(a_helper_that_fails_is_heard)
{
    const Helpers helpers;
    helpers.add("fake", "echo 'the vault is sealed' >&2; exit 3");
    BOOST_CHECK_EXCEPTION(static_cast<void>(ask_helper("fake", "r.example", 10s)), Error,
                          [](const Error &error) {
                              return error.kind() == ErrorKind::denied &&
                                     error.message().find("the vault is sealed") != std::string::npos;
                          });
}

BOOST_AUTO_TEST_CASE(a_helper_that_hangs_is_ended)
{
    const Helpers helpers;
    helpers.add("fake", "sleep 60");
    const auto start = std::chrono::steady_clock::now();
    BOOST_CHECK_THROW(static_cast<void>(ask_helper("fake", "r.example", 100ms)), Error);
    BOOST_TEST((std::chrono::steady_clock::now() - start < 10s));
}

BOOST_AUTO_TEST_CASE(a_helper_that_never_stops_writing_is_ended)
{
    const Helpers helpers;
    helpers.add("fake", "yes");
    BOOST_CHECK_THROW(static_cast<void>(ask_helper("fake", "r.example", 20s)), Error);
}

BOOST_AUTO_TEST_CASE(a_name_cannot_leave_the_helpers)
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(ask_helper("../../bin/sh", "r", 1s)), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::usage; });
}

BOOST_AUTO_TEST_CASE(helpers_by_registry_and_for_all)
{
    const Helpers helpers;
    helpers.add("one", R"(echo '{"Username":"u","Secret":"one"}')");
    helpers.add(
        "all",
        R"sh(read -r url; case $url in r2*|https*) echo "{\"Username\":\"u\",\"Secret\":\"$url\"}";; *) echo 'credentials not found'; exit 1;; esac)sh");
    const auto json =
        R"({"credHelpers":{"r1.example":"one"},"credsStore":"all","auths":{"r3.example":{"username":"u","password":"file"}}})";
    const auto provider = docker_config_provider({.places = {{.name = "t", .text = json}}});
    const auto secret = [&](const char *image) {
        return std::get<Basic>(provider->find(oci::Reference::parse(image)).value().secret).password;
    };
    BOOST_TEST(secret("r1.example/a") == "one");
    BOOST_TEST(secret("r2.example/a") == "r2.example");
    BOOST_TEST(secret("alpine") == "https://index.docker.io/v1/");
    BOOST_TEST(secret("r3.example/a") == "file");
}

BOOST_AUTO_TEST_CASE(a_missing_helper_is_an_error_unless_mica_has_one)
{
    const auto find = [](const char *name) {
        const auto json = std::string{R"({"credsStore":")"} + name + R"("})";
        return docker_config_provider({.places = {{.name = "t", .text = json}}})
            ->find(oci::Reference::parse("r.example/a"));
    };
    BOOST_CHECK_EXCEPTION(static_cast<void>(find("not-installed-anywhere")), Error, [](const Error &error) {
        return error.hint().value().find("install") != std::string::npos;
    });
    BOOST_TEST(!find("gcr").has_value());
}
