#include "dockerfile/signals.hh"

#include "support.hh"
#include <csignal>

namespace mica::dockerfile {

BOOST_AUTO_TEST_SUITE(signals)

BOOST_AUTO_TEST_CASE(names_go_with_and_without_prefix_in_any_case)
{
    for (const auto *text : {"KILL", "SIGKILL", "sigkill", "Kill", "9"})
        BOOST_TEST(parse_signal(text).value() == SIGKILL);
}

BOOST_AUTO_TEST_CASE(real_time_signals_are_relative)
{
    BOOST_TEST(parse_signal("RTMIN").value() == 34);
    BOOST_TEST(parse_signal("SIGRTMIN+3").value() == 37);
    BOOST_TEST(parse_signal("rtmin+15").value() == 49);
    BOOST_TEST(parse_signal("RTMAX-14").value() == 50);
    BOOST_TEST(parse_signal("RTMAX").value() == 64);
}

BOOST_AUTO_TEST_CASE(other_texts_are_none)
{
    for (const auto *text : {"", "0", "-9", "SIG", "NOPE", "SIGSIGKILL", "9x", " 9", "RTMIN+", "RTMIN+0",
                             "RTMIN+16", "RTMIN-1", "RTMAX+1", "RTMAX-15", "RTMIN+03", "99999999999"})
        BOOST_TEST(!parse_signal(text), text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
