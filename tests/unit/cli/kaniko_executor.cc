#include "cli/kaniko/executor.hh"

#include "base/error.hh"
#include "cli/kaniko/help.hh"
#include "support/golden.hh"
#include <boost/test/unit_test.hpp>
#include <set>

using namespace mica;
using namespace mica::cli;
using namespace mica::cli::kaniko;

namespace {

using Strings = std::vector<std::string>;

ExecutorOptions flags(const Strings &arguments, const Environment &environment = {})
{
    ExecutorOptions options;
    const auto program = executor_program(options, environment);
    BOOST_TEST((parse(program, arguments, environment) == Parsed::run));
    return options;
}

BuildOptions build_of(const Strings &arguments, const Environment &environment = {})
{
    return build_options_of(flags(arguments, environment), environment);
}

bool is_usage(const Error &error)
{
    return error.kind() == ErrorKind::usage;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kaniko_executor)

BOOST_AUTO_TEST_CASE(the_documentation_is_up_to_date)
{
    mica::test::check_golden_file("docs/kaniko.md", markdown());
}

BOOST_AUTO_TEST_CASE(every_flag_has_a_sentence_and_a_name_of_its_own)
{
    ExecutorOptions options;
    const Environment nothing;
    std::set<std::string> names;
    for (const auto &flag : executor_program(options, nothing).flags) {
        BOOST_TEST(flag.help.ends_with('.'), flag.name);
        BOOST_TEST(names.insert(flag.name).second, flag.name);
        for (const auto &alias : flag.aliases)
            BOOST_TEST(names.insert(alias).second, alias);
    }
}

/// The list of Kaniko's flags, its forks' included; none may be unknown here.
BOOST_AUTO_TEST_CASE(no_flag_of_kaniko_is_missing)
{
    const Strings known{"dockerfile",
                        "context",
                        "context-sub-path",
                        "bucket",
                        "destination",
                        "build-arg",
                        "target",
                        "custom-platform",
                        "label",
                        "annotation",
                        "snapshot-mode",
                        "single-snapshot",
                        "use-new-run",
                        "reproducible",
                        "ignore-var-run",
                        "whitelist-var-run",
                        "ignore-path",
                        "image-fs-extract-retry",
                        "image-download-retry",
                        "push-retry",
                        "push-ignore-immutable-tag-errors",
                        "no-push",
                        "no-push-cache",
                        "cache",
                        "cache-repo",
                        "cache-dir",
                        "cache-ttl",
                        "cache-copy-layers",
                        "cache-run-layers",
                        "compressed-caching",
                        "compression",
                        "compression-level",
                        "image-format",
                        "tar-path",
                        "oci-layout-path",
                        "digest-file",
                        "image-name-with-digest-file",
                        "image-name-tag-with-digest-file",
                        "cleanup",
                        "pre-cleanup",
                        "preserve-context",
                        "materialize",
                        "secret",
                        "credential-helpers",
                        "dryrun",
                        "kaniko-dir",
                        "git",
                        "insecure",
                        "insecure-pull",
                        "insecure-registry",
                        "skip-tls-verify",
                        "skip-tls-verify-pull",
                        "skip-tls-verify-registry",
                        "registry-certificate",
                        "registry-client-cert",
                        "registry-mirror",
                        "registry-map",
                        "skip-default-registry-fallback",
                        "skip-push-permission-check",
                        "force",
                        "verbosity",
                        "log-format",
                        "log-timestamp",
                        "skip-unused-stages",
                        "force-build-metadata",
                        "snapshotMode",
                        "customPlatform",
                        "tarPath",
                        "azure-container-registry-config"};
    ExecutorOptions options;
    const Environment nothing;
    std::set<std::string> names;
    for (const auto &flag : executor_program(options, nothing).flags) {
        names.insert(flag.name);
        names.insert(flag.aliases.begin(), flag.aliases.end());
    }
    for (const auto &name : known)
        BOOST_TEST(names.contains(name), name);
}

BOOST_AUTO_TEST_CASE(each_destination_is_a_push_of_its_own)
{
    const auto build = build_of({"-c", "ctx", "-d", "localhost:5000/a:1", "-d", "localhost:5000/a:2"});
    BOOST_TEST(build.context == "ctx");
    BOOST_TEST(*build.dockerfile == "ctx/Dockerfile");
    BOOST_TEST(build.outputs.size() == 2U);
    BOOST_TEST((build.outputs[1].type == output::OutputType::registry));
    BOOST_TEST(build.outputs[1].names.front().str() == "localhost:5000/a:2");
    BOOST_TEST(build.push);
    BOOST_TEST(!build.keep_image);
    BOOST_TEST(build.no_cache);
}

BOOST_AUTO_TEST_CASE(no_push_leaves_the_other_outputs)
{
    const auto build =
        build_of({"--no-push", "-d", "x.example/a", "--tar-path=a.tar", "--oci-layout-path=layout"});
    BOOST_TEST(!build.push);
    BOOST_TEST(build.outputs.size() == 2U);
    BOOST_TEST((build.outputs[0].type == output::OutputType::docker));
    BOOST_TEST((build.outputs[1].type == output::OutputType::oci));
    BOOST_TEST(!build.outputs[1].as_tar);
}

BOOST_AUTO_TEST_CASE(an_archive_without_a_destination_has_a_name)
{
    const auto build = build_of({"--no-push", "--tarPath", "a.tar"});
    BOOST_TEST(build.outputs.front().names.front().str() == "docker.io/unset-repo/unset-image-name:latest");
}

BOOST_AUTO_TEST_CASE(a_destination_is_needed)
{
    BOOST_CHECK_EXCEPTION(check_together(flags({"-c", "x"})), Error, is_usage);
    check_together(flags({"--no-push"}));
}

BOOST_AUTO_TEST_CASE(build_args_by_name_come_from_the_environment)
{
    Environment environment;
    environment.variables["TOKEN"] = "t";
    const auto build =
        build_of({"--build-arg", "TOKEN", "--build-arg=A=1", "--build-arg", "NOT_SET"}, environment);
    using Map = std::map<std::string, std::string>;
    BOOST_TEST((build.build_args == Map{{"TOKEN", "t"}, {"A", "1"}, {"NOT_SET", ""}}));
}

BOOST_AUTO_TEST_CASE(the_context_by_scheme_and_sub_path)
{
    BOOST_TEST(build_of({"--context=dir:///work/x", "--context-sub-path=sub/dir"}).context ==
               "/work/x/sub/dir");
    BOOST_TEST(build_of({"--context", ".", "--context-sub-path=/sub"}).context == "./sub");
}

BOOST_AUTO_TEST_CASE(reproducible_is_the_beginning_of_time_unless_said_otherwise)
{
    BOOST_TEST((build_of({"--reproducible"}).source_date_epoch == Time{}));
    Environment environment;
    environment.variables["SOURCE_DATE_EPOCH"] = "5";
    BOOST_TEST((build_of({"--reproducible"}, environment).source_date_epoch == from_unix(5)));
    BOOST_TEST(!build_of({}).source_date_epoch.has_value());
}

BOOST_AUTO_TEST_CASE(formats_that_do_not_fit)
{
    for (const Strings &wrong : {Strings{"--no-push", "--compression=zstd", "--image-format=docker"},
                                 Strings{"--no-push", "--compression=zstd", "--tar-path=x"},
                                 Strings{"--no-push", "--image-format=oci", "--tar-path=x"}})
        BOOST_CHECK_EXCEPTION(check_together(flags(wrong)), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(levels_below_one_are_the_default)
{
    BOOST_TEST(!build_of({"--compression-level", "-1"}).compression.level.has_value());
    BOOST_TEST(*build_of({"--compression-level=9"}).compression.level == 9);
}

BOOST_AUTO_TEST_CASE(kanikos_owner_of_copies_is_refused)
{
    Environment environment;
    environment.variables["FF_KANIKO_COPY_AS_ROOT"] = "true";
    BOOST_CHECK_NO_THROW((void)build_of({}, environment));
    environment.variables["FF_KANIKO_COPY_AS_ROOT"] = "0";
    BOOST_CHECK_THROW((void)build_of({}, environment), Error);
}

BOOST_AUTO_TEST_CASE(the_cache_is_used_when_asked_for)
{
    BOOST_TEST(!build_of({"--cache"}).no_cache);
    BOOST_TEST(build_of({"--cache=false"}).no_cache);
}

BOOST_AUTO_TEST_CASE(insecure_is_for_the_registries_of_destinations)
{
    const auto build = build_of({"-d", "r.example/a", "--insecure", "--insecure-registry=other.example:1"});
    BOOST_TEST(build.insecure_registries == (Strings{"other.example:1", "r.example"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
