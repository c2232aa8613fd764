#include "unit/plan/fixture.hh"

using namespace mica::plan;
using namespace mica::plan::test;

namespace {

PlanOptions with_args(std::map<std::string, std::string> args)
{
    auto options = amd64();
    options.build_args = std::move(args);
    return options;
}

std::string label_of(const std::string &text, const PlanOptions &options = amd64())
{
    return image_of(text, options).config.labels.at("v");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_global_argument_needs_to_be_declared_in_the_stage)
{
    BOOST_TEST(label_of("ARG A=1\nFROM x\nLABEL v=[$A]\n") == "[]");
    BOOST_TEST(label_of("ARG A=1\nFROM x\nARG A\nLABEL v=[$A]\n") == "[1]");
}

BOOST_AUTO_TEST_CASE(the_users_value_wins_over_the_default)
{
    BOOST_TEST(label_of("FROM x\nARG A=1\nLABEL v=$A\n", with_args({{"A", "2"}})) == "2");
}

BOOST_AUTO_TEST_CASE(a_value_that_nothing_declares_is_not_seen)
{
    BOOST_TEST(label_of("FROM x\nLABEL v=[$A]\n", with_args({{"A", "2"}})) == "[]");
}

BOOST_AUTO_TEST_CASE(a_default_that_is_not_used_is_not_looked_at)
{
    const std::string text = "FROM x\nARG A=${B:?needed}\nLABEL v=$A\n";
    BOOST_TEST(label_of(text, with_args({{"A", "2"}})) == "2");
    BOOST_TEST(failure_of(text).find("needed") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_default_may_use_what_is_above_it)
{
    BOOST_TEST(label_of("ARG A=1\nARG B=$A-2\nFROM x\nARG B\nARG C=$B-3\nLABEL v=$C\n") == "1-2-3");
}

BOOST_AUTO_TEST_CASE(env_wins_over_an_arg_above_it_and_stays_in_the_config)
{
    const auto image = image_of("FROM x\nARG A=1\nENV A=2\nARG A=3\nLABEL v=$A\n");
    BOOST_TEST(image.config.labels.at("v") == "3");
    BOOST_TEST(image.config.env.back() == "A=2");
}

BOOST_AUTO_TEST_CASE(an_argument_without_any_value_is_not_in_the_environment)
{
    const auto plan = plan_of("FROM x\nARG A\nARG B=\nRUN true\n");
    const auto environment = only_step<RunStep>(plan).environment;
    BOOST_TEST((std::find(environment.begin(), environment.end(), "A=") == environment.end()));
    BOOST_TEST((std::find(environment.begin(), environment.end(), "B=") != environment.end()));
}

BOOST_AUTO_TEST_CASE(arguments_go_on_in_a_stage_that_is_built_on_the_stage)
{
    BOOST_TEST(label_of("FROM x AS a\nARG A=1\nFROM a\nLABEL v=$A\n") == "1");
}

BOOST_AUTO_TEST_CASE(arguments_are_not_in_the_image)
{
    const Strings expected{"PATH=/bin"};
    BOOST_TEST(image_of("FROM x\nARG A=1\nRUN true\n").config.env == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(platforms_are_arguments_too)
{
    auto options = amd64();
    options.platform = {"linux", "arm", "v7", "", {}};
    options.platform_is_default = false;
    const std::string text =
        "FROM x AS s\nARG TARGETPLATFORM\nARG BUILDPLATFORM\nARG TARGETVARIANT\nARG TARGETSTAGE\n"
        "LABEL v=$TARGETPLATFORM,$BUILDPLATFORM,$TARGETVARIANT,$TARGETSTAGE\n";
    BOOST_TEST(label_of(text, options) == "linux/arm/v7,linux/amd64,v7,s");
    options.build_args["TARGETPLATFORM"] = "mine";
    BOOST_TEST(label_of(text, options) == "mine,linux/amd64,v7,s");
}

BOOST_AUTO_TEST_CASE(the_name_of_a_stage_without_one_is_default)
{
    BOOST_TEST(label_of("FROM x\nARG TARGETSTAGE\nLABEL v=$TARGETSTAGE\n") == "default");
}

BOOST_AUTO_TEST_CASE(the_version_of_the_os_is_part_of_its_platform)
{
    auto options = amd64();
    options.platform = {"windows", "amd64", "", "10.0.17763", {}};
    BOOST_TEST(
        label_of(
            "FROM x\nARG TARGETPLATFORM\nARG TARGETOSVERSION\nLABEL v=$TARGETPLATFORM=$TARGETOSVERSION\n",
            options) == "windows(10.0.17763)/amd64=10.0.17763");
}

BOOST_AUTO_TEST_CASE(a_proxy_reaches_run_but_neither_image_nor_history)
{
    const auto options = with_args({{"HTTP_PROXY", "http://secret"}});
    const auto plan = plan_of("FROM x\nRUN true\n", options);
    const auto run = only_step<RunStep>(plan);
    BOOST_TEST(run.proxy_environment.front() == "HTTP_PROXY=http://secret");
    const Strings environment{"PATH=/bin"};
    BOOST_TEST(run.environment == environment, boost::test_tools::per_element());
    BOOST_TEST(plan.stages.at(0).config.history.back().created_by == "RUN /bin/sh -c true # buildkit");
}

BOOST_AUTO_TEST_CASE(the_date_of_the_build_is_read_and_can_be_used)
{
    const auto plan = plan_of("FROM x\nARG SOURCE_DATE_EPOCH\nLABEL v=$SOURCE_DATE_EPOCH\n",
                              with_args({{"SOURCE_DATE_EPOCH", "+0123"}}));
    BOOST_TEST(plan.source_date_epoch.value() == 123);
    BOOST_TEST(plan.stages.at(0).config.config.labels.at("v") == "123");
}

BOOST_AUTO_TEST_CASE(what_is_no_date_is_refused)
{
    BOOST_TEST(failure_of("FROM x\n", with_args({{"SOURCE_DATE_EPOCH", "soon"}})) ==
               "invalid SOURCE_DATE_EPOCH: soon");
    BOOST_TEST(failure_of("FROM x\n", with_args({{"SOURCE_DATE_EPOCH", "context"}})).find("build context") !=
               std::string::npos);
}
