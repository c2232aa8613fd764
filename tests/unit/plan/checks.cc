#include "plan/checks/config.hh"
#include "unit/plan/fixture.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <ostream>

using namespace mica::plan;
using namespace mica::plan::test;

namespace {

struct Case {
    std::string text, remarks;
};
std::ostream &operator<<(std::ostream &out, const Case &c)
{
    return out << c.text;
}

/// The first remark of each; "" is a file near to it that is well.
const Case cases[] = {
    {"FROM x AS Base\n", "StageNameCasing:1"},
    {"FROM x as base\n", "FromAsCasing:1"},
    {"from x AS base\n", "FromAsCasing:1"},
    {"FROM x\nRUN a \\\n\n b\n", "NoEmptyContinuation:4"},
    {"FROM x\nRUN a\nrun b\n", "ConsistentInstructionCasing:3"},
    {"FROM x\nRun a\n", "ConsistentInstructionCasing:2"},
    {"FROM x AS a\nFROM x AS a\n", "DuplicateStageName:2"},
    {"FROM x AS scratch\n", "ReservedStageName:1"},
    {"FROM x AS context\n", "ReservedStageName:1"},
    {"FROM x\nCMD a\n", "JSONArgsRecommended:2"},
    {"FROM x\nSHELL [\"sh\"]\nCMD a\n", ""},
    {"FROM x\nMAINTAINER m\n", "MaintainerDeprecated:2"},
    {"ARG A=x\nFROM $A$B\n", "UndefinedArgInFrom:2"},
    {"FROM x\nWORKDIR a\nWORKDIR b\n", "WorkdirRelativePath:2"},
    {"FROM x\nWORKDIR /a\nWORKDIR b\n", ""},
    {"FROM x\nLABEL a=$B\n", "UndefinedVar:2"},
    {"FROM x\nARG B\nLABEL a=$B\n", ""},
    {"FROM x\nLABEL a=${B:-c}\n", "UndefinedVar:2"},
    {"FROM x\nLABEL a=$B${C?needed}\n", "UndefinedVar:2"},
    {"FROM x$B\"\n", "UndefinedArgInFrom:1"},
    {"FROM x\nCMD [\"a\"]\nCMD [\"b\"]\n", "MultipleInstructionsDisallowed:2"},
    {"FROM x AS a\nCMD [\"a\"]\nFROM a\nCMD [\"b\"]\n", ""},
    {"FROM x\nENV A b\n", "LegacyKeyValueFormat:2"},
    {"FROM --platform=$TARGETPLATFORM x\n", "RedundantTargetPlatform:1"},
    {"FROM --platform=linux/amd64 x\n", "FromPlatformFlagConstDisallowed:1"},
    {"FROM --platform=linux/amd64 x AS build-amd64\n", ""},
    {"FROM --platform=$BUILDPLATFORM x\n", ""},
    {"ARG P=linux/arm64\nFROM --platform=$P x\n", "InvalidBaseImagePlatform:2"},
    {"FROM x\nARG API_KEY\n", "SecretsUsedInArgOrEnv:2"},
    {"FROM x\nENV KEY_FILE=a\n", ""},
    {"FROM x\nENV MONKEY=a\n", ""},
    {"ARG A\nFROM x$A:\nFROM y\n", "InvalidDefaultArgInFrom:2"},
    {"FROM x\nEXPOSE 80/TCP\n", "ExposeProtoCasing:2"},
    {"FROM x\nEXPOSE 1:80\n", "ExposeInvalidFormat:2"},
    {"# check=experimental=all\n# a\nFROM x AS b\n", "InvalidDefinitionDescription:3"},
    {"# check=experimental=all\n# b what it is\nFROM x AS b\n", ""},
    {"# a\nFROM x AS b\n", ""},
    {"# check=skip=MaintainerDeprecated\nFROM x\nMAINTAINER m\n", ""},
    {"# check=skip=all\nFROM x as Y\nMAINTAINER m\n", ""},
    {"FROM x\n# check=skip=UndefinedVar\nLABEL a=$B\nLABEL c=$D\n", "UndefinedVar:4"},
    {"# check=skip=StageNameCasing\n\nFROM x AS Y\n", ""},
    {"FROM x AS unused\nMAINTAINER m\nFROM y\n", "MaintainerDeprecated:2"},
    {"FROM x\nMAINTAINER m\nBADCMD x\nMAINTAINER m\n", "MaintainerDeprecated:2"},
};

} // namespace

BOOST_DATA_TEST_CASE(remarks_of_the_checks, cases)
{
    const auto found = remarks_of(sample.text);
    BOOST_TEST((found.empty() ? std::string{} : found.front()) == sample.remarks);
}

BOOST_AUTO_TEST_CASE(a_remark_says_what_to_read)
{
    Images images;
    const auto report = check_dockerfile(
        mica::dockerfile::parse("FROM x\nARG TARGET\nLABEL a=$TARGT\n", "Dockerfile"), amd64(), images);
    BOOST_REQUIRE_EQUAL(report.warnings.size(), 1U);
    const auto &warning = report.warnings.front();
    BOOST_TEST(warning.detail == "Usage of undefined variable '$TARGT'");
    BOOST_TEST(warning.description == "Variables should be defined before their use");
    BOOST_TEST(warning.url == "https://docs.docker.com/go/dockerfile/rule/undefined-var/");
    BOOST_CHECK(!report.error);
}

BOOST_AUTO_TEST_CASE(a_copy_of_what_the_ignore_file_hides)
{
    auto options = amd64();
    options.context_ignored = {"dir", "*.log"};
    const std::string text = "FROM x\nCOPY dir/a /\nADD b.log /\nCOPY c .\nCOPY . .\nCOPY --from=y dir /\n";
    const Strings expected{"CopyIgnoredFile:2", "CopyIgnoredFile:3"};
    BOOST_TEST(remarks_of(text, options) == expected, boost::test_tools::per_element());
    options.context_ignored.push_back("!dir/a");
    BOOST_TEST(remarks_of(text, options).empty());
}

BOOST_AUTO_TEST_CASE(remarks_fail_the_build_where_the_file_asks_for_it)
{
    const std::string text = "# check=error=true\nFROM x\nMAINTAINER m\n";
    BOOST_TEST(failure_of(text) == "lint violation found for rules: MaintainerDeprecated");
    auto options = amd64();
    options.checks = false;
    BOOST_TEST(failure_of(text, options).empty());
    options.checks = true;
    options.build_args["BUILDKIT_DOCKERFILE_CHECK"] = "skip=none";
    BOOST_TEST(failure_of(text, options).empty());
}

BOOST_AUTO_TEST_CASE(remarks_are_told_even_if_planning_fails)
{
    auto options = amd64();
    Strings told;
    options.on_warning = [&](const Warning &warning) { told.push_back(warning.rule); };
    BOOST_TEST(!failure_of("FROM x\nMAINTAINER m\nSTOPSIGNAL none\n", options).empty());
    BOOST_TEST(told == Strings{"MaintainerDeprecated"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_option_of_the_checks_that_is_not_known_is_refused)
{
    BOOST_CHECK_THROW((void)parse_check_config("skip"), mica::Error);
    BOOST_CHECK_THROW((void)parse_check_config("ignore=all"), mica::Error);
    BOOST_CHECK_THROW((void)parse_check_config("error=perhaps"), mica::Error);
    const auto config = parse_check_config(" skip= A , B ; error=1;experimental=all");
    BOOST_TEST(config.skipped.contains("B"));
    BOOST_TEST(config.as_error);
    BOOST_TEST(config.experimental_all);
    BOOST_TEST(!config.skip_all);
}
