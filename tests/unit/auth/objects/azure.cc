// Signatures of requests for blobs.
#include "auth/objects/azure.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::auth;

BOOST_AUTO_TEST_SUITE(azure_objects)

BOOST_AUTO_TEST_CASE(storage_is_known_by_its_host)
{
    BOOST_TEST(is_azure_storage("account.blob.core.windows.net"));
    BOOST_TEST(is_azure_storage("account.blob.core.chinacloudapi.cn"));
    BOOST_TEST(!is_azure_storage(".blob.core.windows.net"));
    BOOST_TEST(!is_azure_storage("blob.core.windows.net"));
    BOOST_TEST(!is_azure_storage("account.blob.core.windows.net.example"));
}

// The signature was computed from Azure's description by another program.
BOOST_AUTO_TEST_CASE(the_key_signs_verb_headers_and_resource)
{
    const net::Request request{
        .url = net::Url::parse(
            "https://account.blob.core.windows.net/files/a%20b?snapshot=2020-01-01T00%3A00%3A00Z"),
        .headers = {
            {"x-ms-version", "2015-02-21"}, {"x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT"}, {"Accept", "x"}}};
    BOOST_TEST(shared_key_authorization(request, "account", "c2VjcmV0IGtleQ==") ==
               "SharedKey account:8wP+4J0b7daQ39OqUQhNXB31ivt9dYHBUX4Wr+wowEI=");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_base64_is_not_shown)
{
    const net::Request request{.url = net::Url::parse("https://account.blob.core.windows.net/a/b")};
    try {
        (void)shared_key_authorization(request, "account", "my&secret");
        BOOST_FAIL("there was no error");
    } catch (const Error &error) {
        BOOST_TEST(error.message().find("my&secret") == std::string::npos);
        BOOST_TEST((error.kind() == ErrorKind::usage));
    }
}

BOOST_AUTO_TEST_SUITE_END()
