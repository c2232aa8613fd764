#include "unit/plan/fixture.hh"

using namespace mica::plan;
using namespace mica::plan::test;

namespace {

PlanOptions target(const std::string &name)
{
    auto options = amd64();
    options.target = name;
    return options;
}

} // namespace

BOOST_AUTO_TEST_CASE(only_what_the_target_needs_is_asked_for)
{
    Images images;
    const auto plan = plan_of("FROM unused AS u\nFROM tools AS t\nRUN true\nFROM base\nCOPY --from=t /a /b\n",
                              amd64(), images);
    const Strings asked{"tools", "base"};
    BOOST_TEST(images.asked == asked, boost::test_tools::per_element());
    BOOST_TEST(plan.stages.size() == 2U);
    BOOST_TEST(plan.target == 1U);
}

BOOST_AUTO_TEST_CASE(an_image_that_is_used_twice_is_asked_for_once)
{
    Images images;
    (void)plan_of("FROM i AS a\nFROM i\nCOPY --from=a / /\nCOPY --from=i / /\n", amd64(), images);
    BOOST_TEST(images.asked.size() == 1U);
}

BOOST_AUTO_TEST_CASE(copy_names_stages_by_number_or_name_in_any_case)
{
    for (const auto *from : {"0", "first", "FIRST"}) {
        const auto plan =
            plan_of(std::string{"FROM x AS first\nRUN true\nFROM y\nCOPY --from="} + from + " /a /b\n");
        BOOST_CHECK(only_step<CopyStep>(plan).from == Input{StageInput{0}});
    }
}

BOOST_AUTO_TEST_CASE(numbers_of_stages_count_in_the_file_and_inputs_in_the_plan)
{
    const auto plan = plan_of("FROM x AS no\nFROM x AS yes\nFROM y\nCOPY --from=1 /a /b\n");
    BOOST_CHECK(only_step<CopyStep>(plan).from == Input{StageInput{0}});
    BOOST_TEST(plan.stages.at(0).name == "yes");
}

BOOST_AUTO_TEST_CASE(what_is_no_stage_is_an_image)
{
    const auto plan = plan_of("FROM x\nCOPY --from=busybox:1 /a /b\n");
    BOOST_CHECK(only_step<CopyStep>(plan).from == Input{ImageInput{1}});
    BOOST_TEST(plan.images.at(1).name == "busybox:1");
}

BOOST_AUTO_TEST_CASE(a_stage_goes_on_where_its_base_ended)
{
    const auto plan = plan_of("FROM x AS a\nENV E=1\nWORKDIR /w\nUSER u\nCMD [\"c\"]\nFROM a\nRUN true\n");
    BOOST_CHECK(plan.stages.at(1).base == Input{StageInput{0}});
    const auto run = only_step<RunStep>(plan);
    BOOST_TEST(run.working_directory == "/w");
    BOOST_TEST(run.user == "u");
    BOOST_TEST(plan.stages.at(1).config.config.env.back() == "E=1");
    BOOST_TEST(plan.stages.at(1).config.history.size() == 6U);
    BOOST_TEST(plan.stages.at(1).steps.front().history == 5U);
}

BOOST_AUTO_TEST_CASE(an_entrypoint_forgets_the_cmd_of_the_base_but_not_the_stages_own)
{
    const std::string base = "FROM x AS a\nCMD [\"c\"]\nFROM a\n";
    BOOST_CHECK(!image_of(base + "ENTRYPOINT [\"e\"]\n").config.cmd);
    BOOST_CHECK(image_of(base + "CMD [\"d\"]\nENTRYPOINT [\"e\"]\n").config.cmd == Strings{"d"});
}

BOOST_AUTO_TEST_CASE(scratch_has_a_path_and_a_directory)
{
    const auto plan = plan_of("FROM scratch\nCOPY a b\n");
    BOOST_CHECK(plan.stages.at(0).base == Input{Scratch{}});
    BOOST_TEST(plan.images.empty());
    const auto &config = plan.stages.at(0).config.config;
    BOOST_TEST(config.working_dir == "/");
    BOOST_TEST(config.env.at(0) == "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    BOOST_TEST(only_step<CopyStep>(plan).destination == "/b");
}

BOOST_AUTO_TEST_CASE(an_image_without_path_gets_one_unless_it_is_for_windows)
{
    Images images;
    images.configs["l"].platform = {"linux", "amd64", "", "", {}};
    BOOST_TEST(plan_of("FROM l\n", amd64(), images).stages.at(0).config.config.env.size() == 1U);
    auto options = amd64();
    options.platform = {"windows", "amd64", "", "", {}};
    images.configs["w"].platform = options.platform;
    const auto plan = plan_of("FROM w\nRUN dir\n", options, images);
    BOOST_TEST(plan.stages.at(0).config.config.env.empty());
    const Strings shell{"cmd", "/S", "/C", "dir"};
    BOOST_TEST(only_step<RunStep>(plan).argv == shell, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_target_is_found_in_any_case_and_else_suggested)
{
    const std::string text = "FROM x AS one\nFROM x AS two\n";
    BOOST_TEST(plan_of(text, target("ONE")).stages.at(0).name == "one");
    BOOST_TEST(failure_of(text, target("twoo")) ==
               "target stage \"twoo\" could not be found (did you mean two?)");
}

BOOST_AUTO_TEST_CASE(a_stage_cannot_copy_from_itself_or_from_below)
{
    BOOST_TEST(failure_of("FROM x AS a\nCOPY --from=a /b /c\n") ==
               "circular dependency detected on stage: a");
    BOOST_TEST(failure_of("FROM x AS a\nCOPY --from=b / /\nFROM x AS b\nFROM a\n") ==
               "cannot copy from stage \"b\", it needs to be defined before current stage \"a\"");
    BOOST_TEST(failure_of("FROM x AS a\nCOPY --from=b / /\nFROM x AS b\nCOPY --from=a / /\nFROM y\n") ==
               "circular dependency detected on stage: a");
}

BOOST_AUTO_TEST_CASE(what_copy_cannot_name)
{
    BOOST_TEST(failure_of("FROM x\nCOPY --from=7 / /\n") == "invalid stage index 7");
    BOOST_TEST(failure_of("ARG V=x\nFROM x\nCOPY --from=$V / /\n")
                   .starts_with("variable expansion is not supported"));
}

BOOST_AUTO_TEST_CASE(a_bad_name_is_refused_even_where_nothing_needs_it)
{
    BOOST_TEST(failure_of("FROM Bad:\nFROM x\n").starts_with("failed to parse stage name \"Bad:\""));
    BOOST_TEST(failure_of("FROM $NOTHING\nFROM x\n") == "base name ($NOTHING) should not be blank");
}

BOOST_AUTO_TEST_CASE(errors_know_their_line)
{
    try {
        (void)plan_of("FROM x\nUSER u\nSTOPSIGNAL nothing\n");
        BOOST_FAIL("not refused");
    } catch (const mica::Error &error) {
        BOOST_TEST(error.where().value().first_line == 3U);
    }
}

BOOST_AUTO_TEST_CASE(a_stage_has_the_platform_that_from_asks_for)
{
    auto options = amd64();
    options.platform = {"linux", "arm64", "", "", {}};
    const auto plan =
        plan_of("FROM --platform=$BUILDPLATFORM x AS a\nRUN true\nFROM y\nCOPY --from=a / /\n", options);
    BOOST_TEST(plan.stages.at(0).platform.architecture == "amd64");
    BOOST_TEST(plan.stages.at(1).platform.architecture == "arm64");
    BOOST_TEST(plan.stages.at(1).config.platform.architecture == "arm64");
}

BOOST_AUTO_TEST_CASE(a_platform_that_is_none_is_refused)
{
    BOOST_TEST(failure_of("FROM --platform=$BULIDPLATFORM x\n") ==
               "empty platform value from expression $BULIDPLATFORM (did you mean BUILDPLATFORM?)");
    BOOST_TEST(failure_of("FROM --platform=linux/ x\n").starts_with("failed to parse platform linux/"));
}

BOOST_AUTO_TEST_CASE(inputs_of_a_stage_are_its_base_its_copies_and_its_mounts)
{
    const auto plan = plan_of("FROM x AS a\nFROM x AS b\nFROM x AS c\nFROM a AS d\nCOPY --from=b / /\n"
                              "RUN --mount=from=c,target=/m true\n");
    const std::vector<std::uint32_t> expected{0, 1, 2};
    BOOST_TEST(stage_inputs(plan.stages.at(3)) == expected, boost::test_tools::per_element());
    BOOST_TEST(needs_rootfs(plan.stages.at(3)));
    BOOST_TEST(!needs_rootfs(plan.stages.at(2)));
}
