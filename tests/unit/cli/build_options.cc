#include "cli/build_options.hh"

#include "base/error.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::cli;
namespace data = boost::unit_test::data;

namespace {

using Strings = std::vector<std::string>;
using Map = std::map<std::string, std::string>;

BuildOptions parse(Strings arguments, const Environment &environment = {})
{
    arguments.emplace_back("context");
    return parse_build_options(arguments, environment).value();
}

bool is_usage(const Error &error)
{
    return error.kind() == ErrorKind::usage;
}

} // namespace

BOOST_AUTO_TEST_SUITE(build_options)

BOOST_AUTO_TEST_CASE(a_context_alone)
{
    const auto options = parse({});
    BOOST_TEST(options.context == "context");
    BOOST_TEST(options.outputs.empty());
    BOOST_TEST(!options.push);
    BOOST_TEST(!options.dockerfile.has_value());
    BOOST_TEST((options.progress == ui::Progress::automatic));
}

BOOST_AUTO_TEST_CASE(build_args_without_value_come_from_the_environment)
{
    Environment environment;
    environment.variables = {{"FROM_ENV", "yes"}, {"EMPTY", ""}};
    const auto options = parse({"--build-arg", "A=1", "--build-arg", "FROM_ENV", "--build-arg", "EMPTY",
                                "--build-arg", "NOT_THERE", "--build-arg", "A=2"},
                               environment);
    BOOST_TEST((options.build_args == Map{{"A", "2"}, {"FROM_ENV", "yes"}, {"EMPTY", ""}}));
}

BOOST_AUTO_TEST_CASE(platforms_come_one_by_one_or_in_a_list)
{
    const auto options = parse({"--platform", "linux/amd64,linux/arm64", "--platform", "linux/arm/v7"});
    BOOST_TEST(options.platforms.size() == 3U);
    BOOST_TEST(oci::format_platform(options.platforms.back()) == "linux/arm/v7");
}

BOOST_AUTO_TEST_CASE(push_is_an_output_to_the_names)
{
    const auto options = parse({"--push", "-t", "localhost:5000/a:1", "-t", "localhost:5000/a:2"});
    BOOST_TEST(options.outputs.size() == 1U);
    BOOST_TEST((options.outputs[0].type == output::OutputType::registry));
    BOOST_TEST(options.outputs[0].names.size() == 2U);
}

BOOST_AUTO_TEST_CASE(push_adds_nothing_to_a_registry_output)
{
    const auto options = parse({"--push", "--output", "type=registry", "-t", "localhost:5000/a"});
    BOOST_TEST(options.outputs.size() == 1U);
    BOOST_TEST(options.push);
}

BOOST_AUTO_TEST_CASE(a_push_needs_a_name)
{
    BOOST_CHECK_EXCEPTION(parse({"--push"}), Error, is_usage);
    BOOST_CHECK_EXCEPTION(parse({"--output", "type=registry"}), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(outputs_without_a_name_get_the_tags)
{
    const auto options = parse({"--output", "type=oci,dest=x.tar", "-t", "a"});
    BOOST_TEST(options.outputs.at(0).names.at(0).str() == "docker.io/library/a:latest");
    BOOST_TEST(!options.push);
}

BOOST_AUTO_TEST_CASE(a_new_image_cannot_be_named_by_digest)
{
    const std::string digest(64, 'a');
    BOOST_CHECK_EXCEPTION(parse({"-t", "a@sha256:" + digest}), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(the_level_knows_the_compression_in_any_order)
{
    const auto options = parse({"--compression-level", "19", "--compression", "zstd"});
    BOOST_TEST((options.compression.kind == Compression::zstd));
    BOOST_TEST(options.compression.level.value() == 19);
    BOOST_CHECK_EXCEPTION(parse({"--compression-level", "19"}), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(an_output_may_say_how_layers_are_compressed)
{
    const auto options = parse({"--output", "type=oci,dest=x,compression=zstd,compression-level=5"});
    BOOST_TEST((options.compression.kind == Compression::zstd));
    BOOST_TEST(options.compression.level.value() == 5);
}

BOOST_AUTO_TEST_CASE(two_compressions_are_one_too_many)
{
    BOOST_CHECK_EXCEPTION(parse({"--compression", "gzip", "--output", "type=oci,dest=x,compression=zstd"}),
                          Error, is_usage);
    BOOST_CHECK_EXCEPTION(parse({"--output", "type=oci,dest=x,compression=gzip", "--output",
                                 "type=oci,dest=y,compression=zstd"}),
                          Error, is_usage);
}

BOOST_AUTO_TEST_CASE(the_epoch_comes_from_the_environment)
{
    Environment environment;
    environment.variables = {{"SOURCE_DATE_EPOCH", "100"}};
    const auto options = parse({}, environment);
    BOOST_TEST(options.build_args.at("SOURCE_DATE_EPOCH") == "100");
    BOOST_TEST((options.source_date_epoch.value() == from_unix(100)));
}

BOOST_AUTO_TEST_CASE(a_build_arg_of_the_epoch_wins)
{
    Environment environment;
    environment.variables = {{"SOURCE_DATE_EPOCH", "100"}};
    const auto options = parse({"--build-arg", "SOURCE_DATE_EPOCH=200"}, environment);
    BOOST_TEST((options.source_date_epoch.value() == from_unix(200)));
}

BOOST_AUTO_TEST_CASE(an_epoch_that_is_a_name_is_left_to_the_plan)
{
    const auto options = parse({"--build-arg", "SOURCE_DATE_EPOCH=context"});
    BOOST_TEST(!options.source_date_epoch);
    BOOST_TEST(options.build_args.at("SOURCE_DATE_EPOCH") == "context");
}

BOOST_AUTO_TEST_CASE(an_epoch_that_is_no_number_is_refused)
{
    Environment environment;
    environment.variables = {{"SOURCE_DATE_EPOCH", "12 o'clock"}};
    BOOST_CHECK_EXCEPTION(parse({}, environment), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(an_epoch_may_be_the_name_of_a_source)
{
    const auto options = parse({"--build-arg", "SOURCE_DATE_EPOCH=context"});
    BOOST_TEST(options.build_args.at("SOURCE_DATE_EPOCH") == "context");
    BOOST_TEST(!options.source_date_epoch);
}

BOOST_AUTO_TEST_CASE(a_reproducible_build_has_the_epoch_zero_unless_told)
{
    const auto options = parse({"--reproducible"});
    BOOST_TEST((options.source_date_epoch.value() == from_unix(0)));
    BOOST_TEST(options.build_args.at("SOURCE_DATE_EPOCH") == "0");
    Environment environment;
    environment.variables = {{"SOURCE_DATE_EPOCH", "100"}};
    BOOST_TEST((parse({"--reproducible"}, environment).source_date_epoch.value() == from_unix(100)));
}

BOOST_AUTO_TEST_CASE(a_timestamp_wins)
{
    const auto options = parse({"--timestamp", "7", "--build-arg", "SOURCE_DATE_EPOCH=200"});
    BOOST_TEST((options.source_date_epoch.value() == from_unix(7)));
    BOOST_TEST(options.build_args.at("SOURCE_DATE_EPOCH") == "7");
}

BOOST_DATA_TEST_CASE(what_is_not_done_is_refused,
                     data::make(std::vector<std::string>{"--cache-to=type=s3", "--load", "--sbom=true",
                                                         "--memory=1g", "--jobs=0", "--progress=fancy",
                                                         "--no-cache=perhaps", "--annotation=index:a=b"}))
{
    BOOST_CHECK_EXCEPTION(parse({sample}), Error, is_usage);
}

BOOST_AUTO_TEST_SUITE_END()
