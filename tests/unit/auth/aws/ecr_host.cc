#include "auth/aws/ecr_host.hh"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <vector>

using namespace mica::auth::aws;
namespace data = boost::unit_test::data;

namespace {

struct Case {
    std::string host, region, api;
};
std::ostream &operator<<(std::ostream &out, const Case &one)
{
    return out << one.host;
}

const std::vector<Case> hosts{
    {"123456789012.dkr.ecr.eu-central-1.amazonaws.com", "eu-central-1", "api.ecr.eu-central-1.amazonaws.com"},
    {"123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1",
     "api.ecr-fips.us-gov-west-1.amazonaws.com"},
    {"123456789012.dkr-ecr.us-east-1.on.aws", "us-east-1", "ecr.us-east-1.api.aws"},
    {"123456789012.dkr-ecr-fips.us-east-1.on.aws", "us-east-1", "ecr-fips.us-east-1.api.aws"},
    {"123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1", "api.ecr.cn-north-1.amazonaws.com.cn"},
    {"123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1",
     "ecr.cn-north-1.api.amazonwebservices.com.cn"},
    {"123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1",
     "api.ecr.eusc-de-east-1.amazonaws.eu"},
    {"123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "api.ecr.us-iso-east-1.c2s.ic.gov"},
    {"123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
     "api.ecr.us-isob-east-1.sc2s.sgov.gov"},
    {"123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1",
     "api.ecr.eu-isoe-west-1.cloud.adc-e.uk"},
    {"123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1",
     "api.ecr.us-isof-south-1.csp.hci.ic.gov"},
    {"public.ecr.aws", "us-east-1", "api.ecr-public.us-east-1.amazonaws.com"},
};

} // namespace

BOOST_DATA_TEST_CASE(every_partition_has_its_names, data::make(hosts), one)
{
    const auto found = parse_ecr_host(one.host);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->region == one.region);
    BOOST_TEST(found->api_host() == one.api);
}

BOOST_DATA_TEST_CASE(
    other_names_are_none,
    data::make({"12345678901.dkr.ecr.eu-central-1.amazonaws.com", "123456789012.dkr.ecr.amazonaws.com",
                "docker.io", "", "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example",
                "123456789012.dkr.ecr.eu-central-1.evil.example",
                "123456789012.dkr.ecrx.eu-central-1.amazonaws.com", "evil-public.ecr.aws.example"}),
    host)
{
    BOOST_TEST(!parse_ecr_host(host).has_value());
}
