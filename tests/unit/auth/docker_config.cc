#include "auth/docker_config.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <unistd.h>

using namespace mica;
using namespace mica::auth;
namespace data = boost::unit_test::data;

namespace {

std::optional<Credential> look_up(const std::string &json, const std::string &image)
{
    const auto provider = docker_config_provider({.places = {{.name = "a test", .text = json}}});
    return provider->find(oci::Reference::parse(image));
}

std::string password(const std::optional<Credential> &found)
{
    BOOST_REQUIRE(found.has_value());
    return std::get<Basic>(found->secret).password;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_login_as_docker_writes_it)
{
    const auto found = look_up(R"({"auths":{"r.example:5000":{"auth":"bWU6cGE6c3M="}}})", "r.example:5000/a");
    BOOST_TEST(password(found) == "pa:ss");
    BOOST_TEST(std::get<Basic>(found->secret).user == "me");
    BOOST_TEST(found->source == "auths in a test");
}

BOOST_DATA_TEST_CASE(the_names_of_docker_hub,
                     data::make({"https://index.docker.io/v1/", "index.docker.io", "docker.io",
                                 "registry-1.docker.io", "https://index.docker.io/v1",
                                 "https://registry-1.docker.io/v2/"}),
                     key)
{
    BOOST_TEST(
        password(look_up(std::string{R"({"auths":{")"} + key + R"(":{"username":"u","password":"p"}}})",
                         "alpine")) == "p");
}

BOOST_DATA_TEST_CASE(forms_of_a_server,
                     data::make({"r.example", "https://r.example", "http://r.example/",
                                 "https://r.example/v1/", "R.Example"}),
                     key)
{
    BOOST_TEST(
        password(look_up(std::string{R"({"auths":{")"} + key + R"(":{"username":"u","password":"p"}}})",
                         "r.example/a")) == "p");
}

BOOST_AUTO_TEST_CASE(other_registries_get_nothing)
{
    const auto json = R"({"auths":{"r.example":{"username":"u","password":"p"}}})";
    BOOST_TEST(!look_up(json, "r.example:5000/a").has_value());
    BOOST_TEST(!look_up(json, "xr.example/a").has_value());
    BOOST_TEST(!look_up(json, "alpine").has_value());
}

BOOST_AUTO_TEST_CASE(the_longest_path_wins)
{
    const auto json =
        R"({"auths":{"r.example":{"username":"u","password":"all"},"r.example/team":{"username":"u","password":"team"},
                          "r.example/team/app":{"username":"u","password":"app"}}})";
    BOOST_TEST(password(look_up(json, "r.example/team/app:1")) == "app");
    BOOST_TEST(password(look_up(json, "r.example/team/other")) == "team");
    BOOST_TEST(password(look_up(json, "r.example/teams/app")) == "all");
}

BOOST_AUTO_TEST_CASE(tokens)
{
    const auto refresh =
        look_up(R"({"auths":{"r.example":{"auth":"MDA6","identitytoken":"refresh"}}})", "r.example/a");
    BOOST_TEST(std::get<IdentityToken>(refresh.value().secret).token == "refresh");
    const auto ready = look_up(R"({"auths":{"r.example":{"registrytoken":"ready"}}})", "r.example/a");
    BOOST_TEST(std::get<RegistryToken>(ready.value().secret).token == "ready");
}

BOOST_AUTO_TEST_CASE(an_entry_without_a_login_says_nothing)
{
    BOOST_TEST(!look_up(R"({"auths":{"r.example":{}}})", "r.example/a").has_value());
}

BOOST_DATA_TEST_CASE(broken_configurations_are_named_and_not_shown,
                     data::make({"secret", "[\"secret\"]", R"({"auths":["secret"]})",
                                 R"({"auths":{"r.example":{"auth":"c2VjcmV0"}}})",
                                 R"({"auths":{"r.example":{"auth":"secret!"}}})"}),
                     json)
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(look_up(json, "r.example/a")), Error, [](const Error &error) {
        return error.kind() == ErrorKind::usage && error.message().find("a test") != std::string::npos &&
               error.message().find("secret") == std::string::npos &&
               error.message().find("c2Vj") == std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(places_are_asked_in_order)
{
    const auto one = R"({"auths":{"a.example":{"username":"u","password":"first"}}})";
    const auto two =
        R"({"auths":{"a.example":{"username":"u","password":"second"},"b.example":{"username":"u","password":"b"}}})";
    const auto provider =
        docker_config_provider({.places = {{.name = "1", .text = one}, {.name = "2", .text = two}}});
    BOOST_TEST(password(provider->find(oci::Reference::parse("a.example/x"))) == "first");
    BOOST_TEST(password(provider->find(oci::Reference::parse("b.example/x"))) == "b");
}

BOOST_AUTO_TEST_CASE(a_missing_file_says_nothing_unless_it_was_named)
{
    const std::filesystem::path missing = "/nonexistent/config.json";
    const auto image = oci::Reference::parse("a.example/x");
    BOOST_TEST(
        !docker_config_provider({.places = {{.name = "1", .file = missing}}})->find(image).has_value());
    const auto named = docker_config_provider({.places = {{.name = "1", .file = missing, .required = true}}});
    BOOST_CHECK_THROW(static_cast<void>(named->find(image)), Error);
}

BOOST_AUTO_TEST_CASE(a_login_made_meanwhile_counts)
{
    const auto file =
        std::filesystem::temp_directory_path() / ("mica-config-" + std::to_string(::getpid()) + ".json");
    const auto provider = docker_config_provider({.places = {{.name = "1", .file = file}}});
    const auto image = oci::Reference::parse("a.example/x");
    BOOST_TEST(!provider->find(image).has_value());
    write_file_atomically(file, R"({"auths":{"a.example":{"username":"u","password":"p"}}})");
    BOOST_TEST(provider->find(image).has_value());
    std::filesystem::remove(file);
}
