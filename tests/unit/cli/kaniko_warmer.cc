#include "cli/kaniko/warmer.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>
#include <set>

using namespace mica;
using namespace mica::cli;
using namespace mica::cli::kaniko;

namespace {

WarmerOptions flags(const std::vector<std::string> &arguments, const Environment &environment = {})
{
    WarmerOptions options;
    BOOST_TEST((parse(warmer_program(options, environment), arguments, environment) == Parsed::run));
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kaniko_warmer)

/// The list of the warmer's flags, the same in all forks.
BOOST_AUTO_TEST_CASE(no_flag_of_the_warmer_is_missing)
{
    WarmerOptions options;
    const Environment nothing;
    std::set<std::string> names;
    for (const auto &flag : warmer_program(options, nothing).flags) {
        BOOST_TEST(flag.help.ends_with('.'), flag.name);
        BOOST_TEST(names.insert(flag.name).second, flag.name);
    }
    for (const auto *name :
         {"image", "dockerfile", "build-arg", "cache-dir", "force", "cache-ttl", "customPlatform",
          "insecure-pull", "skip-tls-verify-pull", "insecure-registry", "skip-tls-verify-registry",
          "registry-certificate", "registry-client-cert", "registry-map", "registry-mirror",
          "skip-default-registry-fallback", "verbosity", "log-format", "log-timestamp"})
        BOOST_TEST(names.contains(name), name);
}

BOOST_AUTO_TEST_CASE(short_forms_are_the_warmers_own)
{
    Environment environment;
    environment.variables["TAG"] = "3";
    const auto options =
        flags({"-i", "a", "--image=b", "-d", "Dockerfile", "-c", "/cache", "-f", "--build-arg", "TAG"},
              environment);
    BOOST_TEST(options.images == (std::vector<std::string>{"a", "b"}), boost::test_tools::per_element());
    BOOST_TEST(options.dockerfile == "Dockerfile");
    BOOST_TEST(options.cache_dir == "/cache");
    BOOST_TEST(options.build_args.at("TAG") == "3");
}

BOOST_AUTO_TEST_CASE(the_variable_of_mirrors_is_the_executors_alone)
{
    Environment environment;
    environment.variables["KANIKO_REGISTRY_MIRROR"] = "m.example";
    environment.variables["KANIKO_REGISTRY_MAP"] = "quay.io=m.example";
    const auto options = flags({"-i", "a"}, environment);
    BOOST_TEST(options.registry.hub_mirrors.empty());
    BOOST_TEST(options.registry.options.mirrors.contains("quay.io"));
}

BOOST_AUTO_TEST_CASE(there_must_be_something_to_fetch)
{
    BOOST_CHECK_THROW((void)run_warmer({}, {}), Error);
}

BOOST_AUTO_TEST_SUITE_END()
