#include "cli/images/pipeline_tags.hh"

#include "cli/images/build_all_command.hh"
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli;

namespace {

using Strings = std::vector<std::string>;

Environment pipeline(const std::string &branch, const std::string &slug)
{
    Environment environment;
    environment.variables = {{"CI_COMMIT_SHA", "0123abc"},
                             {"CI_COMMIT_BRANCH", branch},
                             {"CI_COMMIT_REF_SLUG", slug},
                             {"CI_DEFAULT_BRANCH", "main"},
                             {"CI_COMMIT_TIMESTAMP", "2026-01-02T03:04:05+01:00"}};
    return environment;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pipeline_tags_of_gitlab)

BOOST_AUTO_TEST_CASE(the_default_branch_has_latest)
{
    const auto tags = pipeline_tags(pipeline("main", "main")).value();
    BOOST_TEST(tags.tags == (Strings{"0123abc", "main"}), boost::test_tools::per_element());
    BOOST_TEST(tags.latest);
    BOOST_TEST(format_rfc3339(*tags.commit_time) == "2026-01-02T02:04:05Z");
}

BOOST_AUTO_TEST_CASE(another_branch_has_not)
{
    const auto tags = pipeline_tags(pipeline("feature/x", "feature-x")).value();
    BOOST_TEST(tags.tags == (Strings{"0123abc", "feature-x"}), boost::test_tools::per_element());
    BOOST_TEST(!tags.latest);
}

BOOST_AUTO_TEST_CASE(a_branch_called_latest_fools_nobody)
{
    const auto tags = pipeline_tags(pipeline("latest", "latest")).value();
    BOOST_TEST(tags.tags == Strings{"0123abc"}, boost::test_tools::per_element());
    BOOST_TEST(!tags.latest);
}

BOOST_AUTO_TEST_CASE(a_tag_is_no_branch)
{
    auto environment = pipeline("", "v1-0");
    environment.variables.erase("CI_COMMIT_BRANCH");
    environment.variables["CI_DEFAULT_BRANCH"] = "";
    BOOST_TEST(!pipeline_tags(environment).value().latest);
}

BOOST_AUTO_TEST_CASE(outside_of_a_pipeline)
{
    BOOST_TEST(!pipeline_tags({}).has_value());
}

BOOST_AUTO_TEST_CASE(options_of_one_image)
{
    BuildAllRequest request;
    request.registry = "r.example/images";
    request.build.push = true;
    const ImageFolder folder{"app", "images/app", "images/app/Dockerfile", "images/app", {}};
    const auto options = build_options_of(request, folder, pipeline("main", "main"));
    Strings names;
    for (const auto &name : options.outputs.front().names)
        names.push_back(name.str());
    BOOST_TEST(names == (Strings{"r.example/images/app:0123abc", "r.example/images/app:main",
                                 "r.example/images/app:latest"}),
               boost::test_tools::per_element());
    BOOST_TEST(options.build_args.at("TAG") == "0123abc");
    BOOST_TEST(options.build_args.at("REGISTRY") == "r.example/images");
    BOOST_TEST(options.forward_only.contains("latest"));
    BOOST_TEST(options.source_date_epoch.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
