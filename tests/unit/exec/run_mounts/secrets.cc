#include "exec/run_mounts/secrets.hh"

#include "support/errors.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;

namespace {

BuildRequest with_secret(std::string bytes)
{
    BuildRequest request;
    request.secrets["token"] = std::make_shared<StringContent>(std::move(bytes));
    return request;
}

plan::MountSpec secret_mount(std::string target, std::string variable = {})
{
    plan::MountSpec spec;
    spec.type = plan::MountType::secret;
    spec.id = "token";
    spec.target = std::move(target);
    spec.env = std::move(variable);
    return spec;
}

} // namespace

BOOST_AUTO_TEST_SUITE(secrets_of_a_run)

BOOST_AUTO_TEST_CASE(a_file_is_for_its_owner_alone)
{
    const auto opened = open_secret(secret_mount("/run/secrets/token"), with_secret("x"));
    BOOST_TEST_REQUIRE(opened.file.has_value());
    const auto &file = std::get<sandbox::SecretFile>(opened.file->what);
    BOOST_TEST(opened.file->target == "/run/secrets/token");
    BOOST_TEST(file.mode == 0400U);
    BOOST_TEST(!opened.variable);
}

BOOST_AUTO_TEST_CASE(mode_and_owner_are_as_asked)
{
    auto spec = secret_mount("/s");
    spec.mode = 0741;
    spec.uid = 7;
    spec.gid = 8;
    const auto opened = open_secret(spec, with_secret("x"));
    const auto &file = std::get<sandbox::SecretFile>(opened.file.value().what);
    BOOST_TEST(file.mode == 0741U);
    BOOST_TEST(file.uid == 7U);
    BOOST_TEST(file.gid == 8U);
}

BOOST_AUTO_TEST_CASE(a_variable_has_the_bytes_as_they_are)
{
    const auto opened = open_secret(secret_mount("", "TOKEN"), with_secret("pw\n"));
    BOOST_TEST(opened.variable.value() == "pw\n");
    BOOST_TEST(!opened.file);
}

BOOST_AUTO_TEST_CASE(one_that_was_not_given_is_left_out)
{
    const auto opened = open_secret(secret_mount("/s", "TOKEN"), BuildRequest{});
    BOOST_TEST(!opened.file);
    BOOST_TEST(!opened.variable);
}

BOOST_AUTO_TEST_CASE(one_that_is_required_must_be_given)
{
    auto spec = secret_mount("/s");
    spec.required = true;
    const auto error = mica::test::error_of([&] { (void)open_secret(spec, BuildRequest{}); });
    BOOST_TEST(error.message() == "secret token: not found");
    BOOST_TEST(error.hint().value().find("--secret id=token") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_that_is_too_long_for_a_variable_is_refused_without_telling_it)
{
    const std::string bytes(std::size_t{1} << 20, 'S');
    const auto error =
        mica::test::error_of([&] { (void)open_secret(secret_mount("", "TOKEN"), with_secret(bytes)); });
    BOOST_TEST(error.message().find("SS") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
