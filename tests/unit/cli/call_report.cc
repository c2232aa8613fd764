#include "cli/call_report.hh"

#include "base/error.hh"
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace mica;
using namespace mica::cli;

namespace {

const std::string source = "FROM busybox\nCMD echo hi\n";

plan::CheckReport one_warning()
{
    plan::Warning warning{"JSONArgsRecommended",
                          "JSON arguments recommended",
                          "https://example.test/rule",
                          "CMD is a shell",
                          {}};
    warning.where = {"Dockerfile", 2, 2, 0, 0};
    return {{warning}, std::nullopt};
}

} // namespace

BOOST_AUTO_TEST_SUITE(call_report)

BOOST_AUTO_TEST_CASE(a_method_and_its_format_are_read)
{
    const auto call = parse_call("targets,format=json");
    BOOST_TEST((call.method == CallMethod::targets));
    BOOST_TEST(call.json);
}

BOOST_AUTO_TEST_CASE(an_unknown_method_is_refused_with_a_suggestion)
{
    BOOST_CHECK_EXCEPTION(static_cast<void>(parse_call("chekc")), Error, [](const Error &error) {
        return error.hint().value_or("").find("check") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(an_unknown_format_is_refused)
{
    BOOST_CHECK_THROW(static_cast<void>(parse_call("check,format=xml")), Error);
}

BOOST_AUTO_TEST_CASE(a_check_without_a_finding_says_so_and_succeeds)
{
    const auto answer = report(plan::CheckReport{}, source, false);
    BOOST_TEST(answer.text == "Check complete, no warnings found.\n");
    BOOST_TEST(answer.status == 0);
}

BOOST_AUTO_TEST_CASE(a_finding_is_shown_with_its_line_and_fails)
{
    const auto answer = report(one_warning(), source, false);
    BOOST_TEST(answer.status == 1);
    BOOST_TEST(answer.text.find("WARNING: JSONArgsRecommended - https://example.test/rule") !=
               std::string::npos);
    BOOST_TEST(answer.text.find("   2 | >>> CMD echo hi") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_json_of_a_check_has_rule_and_lines)
{
    const auto json = nlohmann::json::parse(report(one_warning(), source, true).text);
    const auto &warning = json.at("warnings").at(0);
    BOOST_TEST(warning.at("ruleName") == "JSONArgsRecommended");
    BOOST_TEST(warning.at("location").at("ranges").at(0).at("start").at("line") == 2);
}

BOOST_AUTO_TEST_CASE(the_default_target_is_marked)
{
    plan::TargetInfo target;
    target.name = "final";
    target.is_default = true;
    const std::vector<plan::TargetInfo> targets{target};
    BOOST_TEST(report(targets, source, false).text.find("final (default)") != std::string::npos);
    BOOST_TEST(nlohmann::json::parse(report(targets, source, true).text).at("targets").at(0).at("default") ==
               true);
}

BOOST_AUTO_TEST_SUITE_END()
