#include "base/digest.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
namespace data = boost::unit_test::data;

namespace {
const std::string hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
}

BOOST_AUTO_TEST_SUITE(digests)

BOOST_AUTO_TEST_CASE(text_and_bytes_are_the_same_thing)
{
    const auto parsed = Digest::parse("sha256:" + hex);
    BOOST_TEST(parsed.str() == "sha256:" + hex);
    BOOST_TEST(parsed.hex() == hex);
    BOOST_TEST((parsed == Digest{parsed.bytes()}));
    BOOST_TEST((parsed.bytes()[1] == std::byte{0x23}));
}

BOOST_AUTO_TEST_CASE(order_is_that_of_the_text)
{
    auto higher = hex;
    higher.back() = '0';
    BOOST_TEST((Digest::parse("sha256:" + higher) < Digest::parse("sha256:" + hex)));
}

BOOST_DATA_TEST_CASE(malformed_digests_are_refused,
                     data::make(std::vector<std::string>{"", hex, "sha256:", "sha256:" + hex.substr(1),
                                                         "sha256:" + hex + "0", "SHA256:" + hex,
                                                         "sha256:" + hex.substr(1) + "g",
                                                         "sha256:" + hex.substr(1) + "A", " sha256:" + hex}))
{
    BOOST_CHECK_THROW(static_cast<void>(Digest::parse(sample)), Error);
}

BOOST_AUTO_TEST_CASE(another_algorithm_is_unsupported_not_broken)
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(Digest::parse("sha512:" + hex + hex)), Error,
                          [](const Error &error) { return error.kind() == ErrorKind::unsupported; });
}

BOOST_AUTO_TEST_SUITE_END()
