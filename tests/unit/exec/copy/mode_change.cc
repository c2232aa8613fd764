#include "exec/copy/mode_change.hh"

#include "support/errors.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(mode_change)

struct ModeCase {
    const char *text;
    std::uint32_t from, to;
    bool is_directory = false;
    friend std::ostream &operator<<(std::ostream &out, const ModeCase &c)
    {
        return out << c.text << " on " << std::oct << c.from;
    }
};

const ModeCase modes[] = {
    {"0", 0644, 0},
    {"4711", 0644, 04711},
    {"00755", 0644, 0755},
    {"go-w", 0666, 0644},
    {"go-w", 0124, 0104, true},
    {"u=rw,g=r,o=r", 0777, 0644},
    {"a+X", 0666, 0666},
    {"a+X", 0124, 0135, true},
    {"+X", 0100, 0111},
    {"u-x,a+X", 0100, 0111},
    {"-X", 0755, 0644},
    {"+x", 0666, 0777},
    {"g=u", 0640, 0660},
    {"g=u", 02750, 02770},
    {"go=", 0777, 0700},
    {"=r", 04777, 0444},
    {"=rX", 01755, 01555},
    {"u=rwx,go=u-w", 0000, 0755},
    {"u+s", 0666, 04666},
    {"g+s", 0666, 02666},
    {"+s", 0666, 06666},
    {"o+s", 0666, 0666},
    {"u=rx", 04755, 0555},
    {"+t", 0777, 01777},
    {"o+t", 0777, 0777},
    {"=t", 0777, 01000},
    {"o=g", 0750, 0755},
    {"u+rw,g+r,o-x,o+w", 0124, 0766, true},
    {"ug+r+w-x", 0111, 0661},
};

BOOST_DATA_TEST_CASE(applies_to_a_mode, data::make(modes))
{
    BOOST_TEST(ModeChange::parse(sample.text).apply(sample.from, sample.is_directory) == sample.to);
}

const char *const broken[] = {"",    "64a", "8",   "10000", "0o755",    "u",  "rwx",
                              "u+q", "+x,", ",+x", "z+x",   "u=rw;g=r", "-1", "+7"};

BOOST_DATA_TEST_CASE(refuses_what_is_no_mode, data::make(broken))
{
    const auto error = mica::test::error_of([&] { (void)ModeChange::parse(sample); });
    BOOST_TEST(mica::test::contains(error.message(), "invalid chmod parameter"));
}

BOOST_AUTO_TEST_CASE(gives_directories_on_the_way_an_octal_mode_only)
{
    BOOST_TEST(ModeChange::parse("4770").for_created_directory() == 0770U);
    BOOST_TEST(ModeChange::parse("go-rwx").for_created_directory() == 0755U);
    BOOST_TEST(ModeChange{}.for_created_directory() == 0755U);
}

BOOST_AUTO_TEST_SUITE_END()
