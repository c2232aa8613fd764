#include "registry/endpoint.hh"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica::registry;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_CASE(docker_hub_lives_elsewhere)
{
    BOOST_TEST(endpoint_for("docker.io", {}).url("library/a", "manifests/1").str() ==
               "https://registry-1.docker.io/v2/library/a/manifests/1");
}

BOOST_AUTO_TEST_CASE(tls_is_the_rule)
{
    BOOST_TEST(endpoint_for("registry.example:5000", {}).base.str() == "https://registry.example:5000/");
}

BOOST_DATA_TEST_CASE(loopback_needs_no_tls,
                     data::make({"localhost:5000", "127.0.0.1", "127.1.2.3:80", "[::1]:5000"}), host)
{
    BOOST_TEST(!endpoint_for(host, {}).base.is_https());
}

BOOST_AUTO_TEST_CASE(insecure_registries_are_named_exactly)
{
    const Options options{.insecure_registries = {"registry.example:5000"}};
    BOOST_TEST(endpoint_for("registry.example:5000", options).may_be_plain);
    BOOST_TEST(!endpoint_for("registry.example", options).may_be_plain);
}

BOOST_AUTO_TEST_CASE(a_name_goes_before_all_names)
{
    const Options options{.insecure_registries = {"*"}};
    BOOST_TEST(endpoint_for("other.example", options, {"registry.example"}).may_be_plain);
    BOOST_TEST(!endpoint_for("registry.example", options, {"registry.example"}).may_be_plain);
    BOOST_TEST(endpoint_for("a.example", {.insecure_registries = {"a.example"}}, {"a.example"}).may_be_plain);
}

BOOST_AUTO_TEST_CASE(loopback_may_turn_out_to_have_tls)
{
    BOOST_TEST(endpoint_for("localhost:5000", {}, {"*"}).may_be_plain);
    const auto named = endpoint_for("localhost:5000", {}, {"localhost:5000"});
    BOOST_TEST((named.base.is_https() && !named.may_be_plain));
}

BOOST_DATA_TEST_CASE(hosts_of_ecr,
                     data::make({"123456789012.dkr.ecr.eu-west-1.amazonaws.com",
                                 "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
                                 "123456789012.dkr-ecr.eu-west-1.on.aws",
                                 "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
                                 "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
                                 "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov"}),
                     host)
{
    BOOST_TEST(endpoint_for(host, {}).is_ecr);
    BOOST_TEST(strategy_for(host).chunk_size == 10U * 1024 * 1024);
}

BOOST_DATA_TEST_CASE(
    hosts_that_look_like_ecr,
    data::make({"12345678901.dkr.ecr.eu-west-1.amazonaws.com", "dkr.ecr.eu-west-1.amazonaws.com",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example",
                "123456789012.s3.eu-west-1.amazonaws.com", "x23456789012.dkr.ecr.eu-west-1.amazonaws.com"}),
    host)
{
    BOOST_TEST(!endpoint_for(host, {}).is_ecr);
    BOOST_TEST(strategy_for(host).chunk_size == 0U);
}

BOOST_AUTO_TEST_CASE(the_public_registry_takes_pieces_like_the_private_one_but_wants_bearer_tokens)
{
    BOOST_TEST(strategy_for("public.ecr.aws").chunk_size == 10U * 1024 * 1024);
    BOOST_TEST(!endpoint_for("public.ecr.aws", {}).is_ecr);
}

BOOST_AUTO_TEST_CASE(clouds_have_strategies_of_their_own)
{
    BOOST_TEST(strategy_for("europe-docker.pkg.dev").fallback_chunk == 0U);
    BOOST_TEST(strategy_for("ghcr.io").fallback_chunk == 4U * 1024 * 1024);
    BOOST_TEST(strategy_for("x.azurecr.io").chunk_size == 16U * 1024 * 1024);
    BOOST_TEST(!strategy_for("x.jfrog.io").mounts);
}

BOOST_AUTO_TEST_CASE(a_star_names_every_registry)
{
    BOOST_TEST(endpoint_for("registry.example", {.insecure_registries = {"*"}}).may_be_plain);
}

BOOST_AUTO_TEST_CASE(loopback_may_have_tls)
{
    BOOST_TEST(endpoint_for("localhost:5000", {}, {"localhost:5000"}).base.is_https());
}
