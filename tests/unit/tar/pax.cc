#include "tar/pax.hh"

#include <boost/test/unit_test.hpp>

namespace mica::tar {

BOOST_AUTO_TEST_SUITE(pax)

BOOST_AUTO_TEST_CASE(a_record_counts_its_own_length)
{
    BOOST_TEST(pax_record("path", "x") == "9 path=x\n");
}

BOOST_AUTO_TEST_CASE(the_length_holds_where_it_gains_a_digit)
{
    for (std::size_t size = 0; size < 1200; ++size) {
        const std::string record = pax_record("k", std::string(size, 'v'));
        BOOST_TEST(std::stoul(record) == record.size());
        BOOST_TEST(record.substr(record.find(' ')) == " k=" + std::string(size, 'v') + "\n");
    }
}

BOOST_AUTO_TEST_CASE(records_are_ordered_by_keyword)
{
    BOOST_TEST(pax_body({{"uid", "1"}, {"SCHILY.xattr.b", "2"}, {"path", "3"}}) ==
               "20 SCHILY.xattr.b=2\n9 path=3\n8 uid=1\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::tar
