#include "unit/plan/fixture.hh"

using namespace mica::plan;
using namespace mica::plan::test;

BOOST_AUTO_TEST_CASE(a_directory_can_take_the_place_of_a_stage)
{
    Images images;
    images.contexts["base"] = Resolver::NamedContext::directory;
    const auto plan =
        plan_of("FROM nowhere AS base\nRUN false\nFROM scratch\nCOPY --from=base /o /\n", amd64(), images);
    BOOST_TEST(images.asked.empty());
    BOOST_TEST(plan.stages.size() == 1U);
    BOOST_CHECK(only_step<CopyStep>(plan).from == Input{ContextInput{"base"}});
}

BOOST_AUTO_TEST_CASE(an_image_can_take_the_place_of_a_stage)
{
    Images images;
    images.contexts["base"] = Resolver::NamedContext::image;
    const auto plan = plan_of("FROM nowhere AS base\nRUN false\nFROM base\n", amd64(), images);
    BOOST_TEST(images.asked == Strings{"base"}, boost::test_tools::per_element());
    BOOST_CHECK(plan.stages.at(plan.target).base == Input{ImageInput{0}});
}

BOOST_AUTO_TEST_CASE(a_context_can_take_the_place_of_an_image_however_it_is_written)
{
    for (const auto *name : {"alpine", "alpine:latest", "docker.io/library/alpine"}) {
        Images images;
        images.contexts["alpine"] = Resolver::NamedContext::directory;
        const auto plan =
            plan_of(std::string{"FROM scratch\nCOPY --from="} + name + " /a /b\n", amd64(), images);
        BOOST_CHECK(only_step<CopyStep>(plan).from == Input{ContextInput{"alpine"}});
    }
}

BOOST_AUTO_TEST_CASE(a_replaced_target_is_the_context_itself)
{
    Images images;
    images.contexts["t"] = Resolver::NamedContext::image;
    const auto plan = plan_of("FROM nowhere AS t\nRUN false\n", amd64(), images);
    BOOST_TEST(plan.stages.at(0).steps.empty());
    BOOST_CHECK(plan.stages.at(0).base == Input{ImageInput{0}});
}

BOOST_AUTO_TEST_CASE(scratch_cannot_be_replaced)
{
    Images images;
    images.contexts["scratch"] = Resolver::NamedContext::directory;
    BOOST_CHECK(plan_of("FROM scratch\n", amd64(), images).stages.at(0).base == Input{Scratch{}});
}
