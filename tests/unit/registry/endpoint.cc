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
    BOOST_TEST(!endpoint_for("registry.example:5000", options).base.is_https());
    BOOST_TEST(endpoint_for("registry.example", options).base.is_https());
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
    BOOST_TEST(is_ecr_host(host));
    BOOST_TEST(strategy_for(host).chunk_size == 10U * 1024 * 1024);
}

BOOST_DATA_TEST_CASE(hosts_that_look_like_ecr,
                     data::make({"public.ecr.aws", "12345678901.dkr.ecr.eu-west-1.amazonaws.com",
                                 "dkr.ecr.eu-west-1.amazonaws.com",
                                 "123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example",
                                 "123456789012.s3.eu-west-1.amazonaws.com",
                                 "x23456789012.dkr.ecr.eu-west-1.amazonaws.com"}),
                     host)
{
    BOOST_TEST(!is_ecr_host(host));
    BOOST_TEST(strategy_for(host).chunk_size == 0U);
}
