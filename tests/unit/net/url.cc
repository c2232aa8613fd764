#include "net/url.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

using namespace mica;
using net::Url;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_CASE(the_parts_of_an_address)
{
    const auto url = Url::parse("HTTPS://us%40er:p%3Aw@Example.COM:8443/a/b?x=1&y=2#part");
    BOOST_TEST(url.scheme() == "https");
    BOOST_TEST(url.host() == "example.com");
    BOOST_TEST(url.port() == 8443);
    BOOST_TEST(url.path() == "/a/b");
    BOOST_TEST(url.query() == "x=1&y=2");
    BOOST_TEST(url.user() == "us@er");
    BOOST_TEST(url.password() == "p:w");
    BOOST_TEST(url.str().find('#') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(default_ports)
{
    BOOST_TEST(Url::parse("http://a").port() == 80);
    BOOST_TEST(Url::parse("https://a/").port() == 443);
    BOOST_TEST(Url::parse("https://a:443/").same_origin(Url::parse("https://a/x")));
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_loses_and_regains_its_brackets)
{
    const auto url = Url::parse("http://[::1]:5000/v2/");
    BOOST_TEST(url.host() == "::1");
    BOOST_TEST(url.host_and_port() == "[::1]:5000");
    BOOST_TEST(url.display() == "http://[::1]:5000/v2/");
}

BOOST_DATA_TEST_CASE(what_is_no_http_address_is_refused,
                     data::make({"", "example.com", "/a", "ftp://a/", "file:///etc/passwd", "http://",
                                 "http://a:99999/", "https://a b/"}),
                     text)
{
    BOOST_CHECK_THROW(static_cast<void>(Url::parse(text)), Error);
}

BOOST_AUTO_TEST_CASE(what_is_shown_has_no_secrets)
{
    const auto url = Url::parse("https://user:secret@a.example/path?token=secret");
    BOOST_TEST(url.display() == "https://a.example/path");
    try {
        static_cast<void>(Url::parse("gopher://user:secret@a.example/path?token=secret"));
        BOOST_FAIL("accepted");
    } catch (const Error &error) {
        BOOST_TEST(error.message().find("secret") == std::string::npos);
    }
}

namespace {
struct Resolution {
    const char *base, *reference, *result;
};
std::ostream &operator<<(std::ostream &out, const Resolution &r)
{
    return out << r.base << " + " << r.reference;
}
const Resolution resolutions[] = {
    {"https://r/v2/a/blobs/uploads/", "/v2/a/blobs/uploads/1?_state=x%3D%3D",
     "https://r/v2/a/blobs/uploads/1?_state=x%3D%3D"},
    {"https://r/v2/a/blobs/uploads/", "1?x=y", "https://r/v2/a/blobs/uploads/1?x=y"},
    {"https://r/v2/a?x=1", "https://s:99/b", "https://s:99/b"},
    {"https://r/v2/a", "//s/b", "https://s/b"},
    {"https://r/v2/a", "?q=1", "https://r/v2/a?q=1"},
    {"https://r/v2/a/", "../b", "https://r/v2/b"},
    {"http://r:5000/v2/a", "/b", "http://r:5000/b"},
};
} // namespace

BOOST_DATA_TEST_CASE(references_are_resolved, data::make(resolutions), sample)
{
    BOOST_TEST(Url::parse(sample.base).resolve(sample.reference).str() == sample.result);
}

BOOST_DATA_TEST_CASE(a_reference_must_stay_http,
                     data::make({"file:///etc/passwd", "ftp://x/y", "http://:80/"}), reference)
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(Url::parse("https://r/").resolve(reference)), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::integrity; });
}

BOOST_AUTO_TEST_CASE(a_query_is_appended_to_what_is_there)
{
    const auto plain = Url::parse("https://r/u/1").with_query("digest", "sha256:ab");
    BOOST_TEST(plain.str() == "https://r/u/1?digest=sha256%3Aab");
    const auto more = Url::parse("https://r/u/1?_state=a%2Fb%3D").with_query("digest", "sha256:ab");
    BOOST_TEST(more.str() == "https://r/u/1?_state=a%2Fb%3D&digest=sha256%3Aab");
}

BOOST_DATA_TEST_CASE(loopback_hosts,
                     data::make({"localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.9.9.9", "::1",
                                 "::ffff:127.0.0.1"}),
                     host)
{
    BOOST_TEST(net::is_loopback(host));
}

BOOST_DATA_TEST_CASE(other_hosts,
                     data::make({"example.com", "128.0.0.1", "10.0.0.1", "localhost.example.com", "::2",
                                 "1270.0.0.1"}),
                     host)
{
    BOOST_TEST(!net::is_loopback(host));
}

BOOST_DATA_TEST_CASE(private_addresses,
                     data::make({"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
                                 "100.64.0.1", "127.0.0.1", "0.0.0.0", "::", "::1", "fe80::1",
                                 "fd00:ec2::254", "::ffff:10.0.0.1"}),
                     host)
{
    BOOST_TEST(net::is_private_address(host));
}

BOOST_DATA_TEST_CASE(public_addresses_and_names,
                     data::make({"8.8.8.8", "172.32.0.1", "2600::1", "registry.internal", "11.0.0.1"}), host)
{
    BOOST_TEST(!net::is_private_address(host));
}
