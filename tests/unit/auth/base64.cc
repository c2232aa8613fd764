#include "auth/base64.hh"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica::auth;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_CASE(the_vectors_of_rfc_4648)
{
    const std::pair<const char *, const char *> vectors[] = {{"", ""},
                                                             {"f", "Zg=="},
                                                             {"fo", "Zm8="},
                                                             {"foo", "Zm9v"},
                                                             {"foob", "Zm9vYg=="},
                                                             {"fooba", "Zm9vYmE="},
                                                             {"foobar", "Zm9vYmFy"}};
    for (const auto &[plain, wrapped] : vectors) {
        BOOST_TEST(base64_encode(plain) == wrapped);
        BOOST_TEST(base64_decode(wrapped).value() == plain);
    }
}

BOOST_AUTO_TEST_CASE(every_byte_survives)
{
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    BOOST_TEST((base64_decode(base64_encode(bytes)) == bytes));
}

BOOST_AUTO_TEST_CASE(blanks_and_missing_padding_do_not_matter)
{
    BOOST_TEST(base64_decode(" Zm9v\r\nYg ").value() == "foob");
}

BOOST_DATA_TEST_CASE(what_is_no_base64, data::make({"Z", "Zm9vY", "Zm9v*", "Zg==Zg==", "Zg===", "Zm-_"}),
                     text)
{
    BOOST_TEST(!base64_decode(text).has_value());
}
