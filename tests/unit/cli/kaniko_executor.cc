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

BOOST_AUTO_TEST_CASE(archives_are_mica_builds_contexts)
{
    for (const auto *context : {"tar://x.tar.gz", "https://h.example/x", "s3://b/k", "gs://b/k"}) {
        const auto build = build_of({"-c", context, "--context-sub-path=sub"});
        BOOST_TEST(build.context == context);
        BOOST_TEST(build.context_details.subdirectory == "sub");
        BOOST_TEST(build.context_details.dockerfile_of_host);
        BOOST_TEST(*build.dockerfile == "Dockerfile");
    }
    BOOST_TEST(build_of({"-c", "tar://stdin"}).context == "-");
    BOOST_TEST(build_of({"-b", "bucket", "-c", "x"}).context == "gs://bucket");
    BOOST_CHECK_EXCEPTION((void)build_of({"-c", "ftp://x/y"}), Error, is_usage);
}

namespace {

context::GitSource git_of(Strings arguments, const Environment &environment = {})
{
    return build_of(arguments, environment).context_details.repository.value();
}

constexpr auto commit = "0123456789012345678901234567890123456789";

} // namespace

BOOST_AUTO_TEST_CASE(a_repository_is_fetched_over_https)
{
    const auto source = git_of({"-c", "git://h.example/o/n#refs/pull/7/head", "--context-sub-path=/a/b"});
    BOOST_TEST(source.remote == "https://h.example/o/n");
    BOOST_TEST(source.ref == "refs/pull/7/head");
    BOOST_TEST(source.subdir == "a/b");
    BOOST_TEST((source.submodules == false));
    BOOST_TEST(!source.keep_git_dir.has_value());
    Environment environment;
    environment.variables["GIT_PULL_METHOD"] = "http";
    BOOST_TEST(git_of({"-c", "git://h.example/o/n"}, environment).remote == "http://h.example/o/n");
}

BOOST_AUTO_TEST_CASE(a_commit_behind_the_ref_is_what_is_built)
{
    BOOST_TEST(git_of({"-c", std::string{"git://h/n#main#"} + commit}).ref == commit);
    BOOST_CHECK_EXCEPTION((void)git_of({"-c", "git://h/n#main#abc"}), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(git_flags_say_how)
{
    const auto source = git_of({"-c", "git://h/n", "--git", "branch=dev",
                                "--git=recurse-submodules=true,depth=0", "--git", "single-branch=true"});
    BOOST_TEST(source.ref == "dev");
    BOOST_TEST((source.submodules == true));
    BOOST_TEST((source.depth == 0U && source.keep_git_dir == true));
    BOOST_TEST(git_of({"-c", "git://h/n#main", "--git", "branch=dev"}).ref == "main");
    BOOST_TEST(
        build_of({"-c", "git://h/n", "--git=insecure-skip-tls=true"}).context_details.any_git_certificate);
    BOOST_CHECK_EXCEPTION((void)git_of({"-c", "git://h/n", "--git=x=y"}), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(a_token_is_a_user_without_a_password)
{
    Environment environment;
    environment.variables = {{"GIT_USERNAME", "me"}, {"GIT_PASSWORD", "p"}};
    BOOST_TEST(build_of({"-c", "git://h/n"}, environment).context_details.git_login->password == "p");
    environment.variables["GIT_TOKEN"] = "t";
    const auto login = build_of({"-c", "git://h/n"}, environment).context_details.git_login.value();
    BOOST_TEST(login.user == "t");
    BOOST_TEST(login.password.empty());
    BOOST_TEST(!build_of({"-c", "git://h/n"}).context_details.git_login.has_value());
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

BOOST_AUTO_TEST_CASE(kanikos_owner_of_copies_is_had_by_its_variable)
{
    BOOST_TEST(!build_of({}).copy_as_user);
    Environment environment;
    environment.variables["FF_KANIKO_COPY_AS_ROOT"] = "true";
    BOOST_TEST(!build_of({}, environment).copy_as_user);
    environment.variables["FF_KANIKO_COPY_AS_ROOT"] = "0";
    BOOST_TEST(build_of({}, environment).copy_as_user);
    environment.variables["FF_KANIKO_COPY_AS_ROOT"] = "perhaps";
    BOOST_CHECK_EXCEPTION((void)build_of({}, environment), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(layers_as_the_flags_want_them)
{
    const auto build = build_of({"--single-snapshot", "--ignore-path=/a", "--ignore-path", "/b/*"});
    BOOST_TEST(build.single_layer);
    BOOST_TEST(build.ignored_paths == (Strings{"/a", "/b/*"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_cache_is_used_when_asked_for)
{
    BOOST_TEST(!build_of({"--cache"}).no_cache);
    BOOST_TEST(build_of({"--cache=false"}).no_cache);
    BOOST_TEST(build_of({"-d", "r.example/a:1"}).cache_from.empty());
    BOOST_TEST(!build_of({"--cache", "--cache-run-layers=false"}).cached.run);
}

namespace {

std::string place_of(const BuildOptions &build)
{
    return build.cache_from.empty() ? "" : cache::name_of(build.cache_from.front().place);
}

const cache::ExportOptions &export_of(const BuildOptions &build)
{
    return std::get<cache::ExportOptions>(build.cache_to.at(0));
}

} // namespace

BOOST_AUTO_TEST_CASE(the_shared_cache_is_beside_the_first_destination)
{
    const auto build = build_of({"--cache", "-d", "r.example/a:1", "-d", "r.example/b"});
    BOOST_TEST(place_of(build) == "r.example/a/cache:mica");
    BOOST_TEST(cache::name_of(export_of(build).place) == "r.example/a/cache:mica");
    BOOST_TEST(export_of(build).all_steps);
}

BOOST_AUTO_TEST_CASE(the_shared_cache_is_where_cache_repo_says)
{
    BOOST_TEST(place_of(build_of({"--cache", "--cache-repo=r.example:5/c", "-d", "x.example/a"})) ==
               "r.example:5/c:mica");
    BOOST_TEST(place_of(build_of({"--cache", "--cache-repo=r.example/c:mine"})) == "r.example/c:mine");
    BOOST_TEST(place_of(build_of({"--cache", "--cache-repo=oci:/some/dir"})) == "/some/dir:mica");
}

BOOST_AUTO_TEST_CASE(the_cache_is_pushed_unless_nothing_is)
{
    BOOST_TEST(build_of({"--cache", "--no-push-cache", "-d", "r.example/a"}).cache_to.empty());
    BOOST_TEST(build_of({"--cache", "--no-push", "-d", "r.example/a"}).cache_to.empty());
    BOOST_TEST(build_of({"--cache", "--no-push", "--cache-repo=r.example/c"}).cache_to.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_time_to_live_counts_for_every_cache)
{
    using namespace std::chrono_literals;
    const auto usual = build_of({"--cache", "-d", "r.example/a"});
    BOOST_TEST((usual.cache_from.front().time_to_live == 336h));
    const auto build = build_of({"--cache", "--cache-ttl=1h30m", "-d", "r.example/a"});
    BOOST_TEST((build.cache_ttl == 90min));
    BOOST_TEST((build.cache_from.front().time_to_live == 90min));
    BOOST_TEST((export_of(build).keep_for == 90min));
    BOOST_TEST(build_of({"--cache", "--cache-ttl=0", "-d", "r.example/a"}).cache_from.empty());
}

BOOST_AUTO_TEST_CASE(insecure_is_for_the_registries_of_destinations)
{
    const auto build = build_of({"-d", "r.example/a", "--insecure", "--insecure-registry=other.example:1"});
    BOOST_TEST(build.registries.insecure == (Strings{"other.example:1", "r.example"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_said_of_pulls_does_not_weaken_pushes)
{
    const Strings push{"-d",
                       "r.example/a",
                       "-d",
                       "localhost:5000/a",
                       "-d",
                       "named.example/a",
                       "--skip-tls-verify-registry=named.example"};
    for (const auto *flag : {"--insecure-pull", "--skip-tls-verify-pull"}) {
        auto arguments = push;
        arguments.emplace_back(flag);
        BOOST_TEST(build_of(arguments).registries.secure == (Strings{"r.example"}),
                   boost::test_tools::per_element());
    }
    BOOST_TEST(
        build_of({"-d", "r.example/a", "--skip-tls-verify", "--insecure-pull"}).registries.secure.empty());
}

BOOST_AUTO_TEST_CASE(mirrors_are_docker_hubs_and_maps_any_registrys)
{
    Environment environment;
    environment.variables["KANIKO_REGISTRY_MAP"] = "index.docker.io=m.example/hub;quay.io=m.example/quay";
    const auto registries =
        build_of({"--registry-mirror", "a.example", "--registry-mirror=b.example:1/x"}, environment)
            .registries;
    BOOST_TEST(registries.mirrors.at("docker.io") == (Strings{"m.example/hub", "a.example", "b.example:1/x"}),
               boost::test_tools::per_element());
    BOOST_TEST(registries.mirrors.at("quay.io").front() == "m.example/quay");
    BOOST_CHECK_EXCEPTION((void)build_of({"--registry-map=x"}), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(the_largest_count_of_retries_counts)
{
    BOOST_TEST(build_of({"--push-retry=2", "--image-download-retry", "9"}).registries.retries == 9U);
    BOOST_TEST(build_of({"--push-retry=0"}).registries.retries == 4U);
}

BOOST_AUTO_TEST_CASE(certificates_are_a_registrys)
{
    const auto registries =
        build_of({"--registry-certificate=r.example=/ca.pem", "--registry-client-cert", "r.example=/c,/k"})
            .registries;
    BOOST_TEST(registries.authorities.front().first == "r.example");
    BOOST_TEST(registries.client_certificates.at("r.example").key.native() == "/k");
    BOOST_CHECK_EXCEPTION((void)build_of({"--registry-client-cert", "r.example=/c"}), Error, is_usage);
}

BOOST_AUTO_TEST_CASE(credential_helpers_are_chosen_and_ordered)
{
    using auth::Helper;
    BOOST_TEST((build_of({"--credential-helpers=gitlab,ecr"}).registries.helpers ==
                std::vector{Helper::gitlab, Helper::ecr}));
    BOOST_TEST(build_of({"--credential-helpers="}).registries.helpers.empty());
    BOOST_TEST((build_of({}).registries.helpers.front() == Helper::environment));
}

BOOST_AUTO_TEST_CASE(the_trial_before_the_build_can_be_left_out)
{
    BOOST_TEST(build_of({}).check_push);
    BOOST_TEST(!build_of({"--skip-push-permission-check"}).check_push);
}

BOOST_AUTO_TEST_SUITE_END()
