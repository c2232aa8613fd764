#include "base/error.hh"
#include "plan/chmod_text.hh"
#include "plan/go_text.hh"
#include "plan/proxy.hh"
#include "plan/suggestion.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

using namespace mica::plan;

namespace {

struct Duration {
    std::int64_t nanoseconds;
    std::string text;
};
std::ostream &operator<<(std::ostream &out, const Duration &d)
{
    return out << d.nanoseconds;
}

const Duration durations[] = {{0, "0s"},
                              {1, "1ns"},
                              {1'500, "1.5µs"},
                              {2'000'000, "2ms"},
                              {1'500'000'000, "1.5s"},
                              {90'000'000'000, "1m30s"},
                              {3'600'000'000'000, "1h0m0s"},
                              {-1'000'000'000, "-1s"}};

const std::vector<std::string> good_modes = {"0",    "755",   "07777",   "0755", "u=rwX,go-w", "+x",
                                             "a+rX", "u+r-w", "g=u,o=g", "u=",   "=t",         "ugo+s"};
const std::vector<std::string> bad_modes = {"10000", "64a", "abc", "u",   "u+r,",
                                            "",      "rwx", "8",   "u+z", ",u+x"};

} // namespace

BOOST_DATA_TEST_CASE(durations_are_written_as_go_does, durations)
{
    BOOST_TEST(duration_text(sample.nanoseconds) == sample.text);
}

BOOST_AUTO_TEST_CASE(a_healthcheck_is_written_with_all_its_fields)
{
    const mica::oci::Healthcheck check{{"CMD", "x", "y z"}, 30'000'000'000, 0, 0, 0, 3};
    BOOST_TEST(healthcheck_text(check) ==
               "{Test:[CMD x y z] Interval:30s Timeout:0s StartPeriod:0s StartInterval:0s Retries:3}");
}

BOOST_AUTO_TEST_CASE(words_of_a_command_are_quoted_in_the_history)
{
    const std::vector<std::string> words{"a b", "q\"q", "tab\t"};
    BOOST_TEST(quoted_list(words) == R"(["a b" "q\"q" "tab\t"])");
    BOOST_TEST(quoted_list({}) == "[]");
}

BOOST_DATA_TEST_CASE(modes_that_chmod_takes, good_modes)
{
    BOOST_CHECK_NO_THROW(check_chmod(sample));
}

BOOST_DATA_TEST_CASE(modes_that_are_none, bad_modes)
{
    BOOST_CHECK_THROW(check_chmod(sample), mica::Error);
}

BOOST_AUTO_TEST_CASE(a_suggestion_is_near_and_not_the_word_itself)
{
    const std::vector<std::string> names{"BUILDPLATFORM", "TARGETARCH"};
    BOOST_TEST(closest("BULIDPLATFORM", names) == "BUILDPLATFORM");
    BOOST_TEST(closest("TARGETARCH", names).empty());
    BOOST_TEST(closest("SOMETHING", names).empty());
    BOOST_TEST(closest("targetarch", names).empty());
    BOOST_TEST(closest("targetarc", names, LetterCase::ignored) == "TARGETARCH");
    BOOST_TEST(did_you_mean("TARGETARC", names) == " (did you mean TARGETARCH?)");
}

BOOST_AUTO_TEST_CASE(a_proxy_is_given_in_both_cases)
{
    const auto proxies = proxy_environment({{"https_proxy", "http://p:1"}, {"Q", "x"}, {"NO_PROXY", ""}});
    const std::vector<std::string> expected{"HTTPS_PROXY=http://p:1", "https_proxy=http://p:1"};
    BOOST_TEST(proxies == expected, boost::test_tools::per_element());
}
