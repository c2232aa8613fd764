#include "unit/plan/fixture.hh"

using namespace mica::plan;
using namespace mica::plan::test;

namespace {

Images with_triggers(Strings triggers)
{
    Images images;
    images.configs["parent"] = small_image();
    images.configs["parent"].config.on_build = std::move(triggers);
    return images;
}

} // namespace

BOOST_AUTO_TEST_CASE(triggers_of_an_image_run_first_and_once)
{
    auto images = with_triggers({"ENV T=1", "COPY a /b"});
    const auto plan = plan_of("FROM parent AS p\nENV S=$T\nFROM p\nENV U=1\n", amd64(), images);
    const auto &config = plan.stages.at(1).config.config;
    const Strings env{"PATH=/bin", "T=1", "S=1", "U=1"};
    BOOST_TEST(config.env == env, boost::test_tools::per_element());
    BOOST_TEST(config.on_build.empty());
    BOOST_TEST(plan.stages.at(0).steps.size() == 1U);
    BOOST_TEST(plan.stages.at(1).steps.empty());
    BOOST_TEST(plan.stages.at(0).steps.at(0).name.starts_with("ONBUILD COPY"));
}

BOOST_AUTO_TEST_CASE(triggers_of_a_stage_run_in_the_stage_below)
{
    const auto plan = plan_of("FROM x AS a\nONBUILD RUN one\nFROM a\nRUN two\n");
    BOOST_TEST(plan.stages.at(0).steps.empty());
    BOOST_TEST(plan.stages.at(0).config.config.on_build.size() == 1U);
    BOOST_TEST(plan.stages.at(1).steps.size() == 2U);
    BOOST_TEST(plan.stages.at(1).config.config.on_build.empty());
}

BOOST_AUTO_TEST_CASE(a_trigger_may_need_a_stage_that_nothing_else_needs)
{
    auto images = with_triggers({"COPY --from=tool /a /b", "RUN --mount=from=other,target=/m true"});
    const auto plan = plan_of("FROM x AS tool\nRUN true\nFROM x AS other\nFROM parent\n", amd64(), images);
    BOOST_TEST(plan.stages.size() == 3U);
    BOOST_CHECK(only_step<CopyStep>(plan).from == Input{StageInput{0}});
}

BOOST_AUTO_TEST_CASE(a_trigger_stands_where_its_from_stands)
{
    auto images = with_triggers({"RUN true"});
    const auto plan = plan_of("# one\n\nFROM parent\n", amd64(), images);
    BOOST_TEST(plan.stages.at(0).steps.at(0).where.first_line == 3U);
}

BOOST_AUTO_TEST_CASE(a_trigger_that_is_no_single_instruction_is_refused)
{
    for (const auto *trigger : {"RUN a\nRUN b", "FROM x", "NOTHING x"}) {
        auto images = with_triggers({trigger});
        BOOST_CHECK_THROW((void)plan_of("FROM parent\n", amd64(), images), mica::Error);
    }
}
