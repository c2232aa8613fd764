#include "dockerfile/instruction.hh"

#include "support.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace mica::dockerfile {

namespace {

namespace data = boost::unit_test::data;
using Words = std::vector<std::string>;

Instruction read(std::string_view text)
{
    return parse_instruction(node_of(text));
}

template <class T> T read_as(std::string_view text)
{
    return std::get<T>(read(text).body);
}

Program program(std::string_view text)
{
    return parse_program(parse(text, "Dockerfile"));
}

const Row refused[] = {
    {"RUNX a", "unknown instruction: RUNX (did you mean RUN?)"},
    {"copi a b", "unknown instruction: copi (did you mean copy?)"},
    {"ZZZZZZ", "unknown instruction: ZZZZZZ"},
    {"FROM", "FROM requires either one or three arguments"},
    {"FROM a b", "FROM requires either one or three arguments"},
    {"FROM a IN b", "FROM requires either one or three arguments"},
    {"FROM a AS 1b", "invalid name for build stage: \"1b\""},
    {"FROM a AS b/c", "invalid name for build stage"},
    {"FROM a AS \u00e9", "invalid name for build stage"},
    {"FROM --platfrom=x a", "unknown flag: --platfrom (did you mean platform?)"},
    {"ARG", "ARG requires at least one argument"},
    {"ARG =a", "ARG names can not be blank"},
    {"ARG --x a", "unknown flag: --x"},
    {"ENV", "ENV requires at least one argument"},
    {"ENV =a", "ENV names can not be blank"},
    {"LABEL a=b =c", "LABEL names can not be blank"},
    {"LABEL --x=1 a=b", "unknown flag: --x"},
    {"MAINTAINER", "MAINTAINER requires exactly one argument"},
    {"USER", "USER requires exactly one argument"},
    {"WORKDIR", "WORKDIR requires exactly one argument"},
    {"WORKDIR --x /a", "unknown flag: --x"},
    {"STOPSIGNAL", "STOPSIGNAL requires exactly one argument"},
    {"STOPSIGNAL --x 9", "unknown flag: --x"},
    {"EXPOSE", "EXPOSE requires at least one argument"},
    {"VOLUME []", "VOLUME requires at least one argument"},
    {"VOLUME [\" \"]", "VOLUME specified can not be an empty string"},
    {"COPY a", "COPY requires at least two arguments, but only one"},
    {"ADD", "ADD requires at least two arguments, but only none"},
    {"COPY --checksum=a b c", "unknown flag: --checksum"},
    {"ADD --from=a b c", "unknown flag: --from"},
    {"ADD --parents a b", "unknown flag: --parents"},
    {"COPY a <<E\nE", "COPY cannot accept a heredoc as a destination"},
    {"COPY <<E it's /x", "the heredoc E has no body"},
    {"RUN --network=foo a", "invalid value \"foo\" for --network"},
    {"RUN --network=hst a", "did you mean host?"},
    {"RUN --network= a", "invalid value \"\" for --network"},
    {"RUN --security=none a", "invalid value \"none\" for --security"},
    {"RUN --device=a,name=b c", "device name already set"},
    {"RUN --mount=from=$x,target=/y a", "'from' doesn't support variable expansion"},
    {"RUN --mount= a", "it is empty"},
    {"CMD --x a", "unknown flag: --x"},
    {"SHELL", "SHELL requires at least one argument"},
    {"SHELL []", "SHELL requires at least one argument"},
    {"SHELL sh -c", "SHELL requires the arguments to be in JSON form"},
    {"HEALTHCHECK", "HEALTHCHECK requires at least one argument"},
    {"HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments"},
    {"HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"},
    {"HEALTHCHECK CMD []", "Missing command after HEALTHCHECK CMD"},
    {"HEALTHCHECK RUN x", "Unknown type \"RUN\" in HEALTHCHECK (try CMD)"},
    {"HEALTHCHECK --interval=1 CMD x", "invalid duration \"1\""},
    {"HEALTHCHECK --timeout=10us CMD x", "--timeout cannot be less than 1ms"},
    {"HEALTHCHECK --start-period=-1s CMD x", "--start-period cannot be less than 1ms"},
    {"HEALTHCHECK --retries=x CMD x", "--retries must be a number"},
    {"HEALTHCHECK --retries=-1 CMD x", "--retries cannot be negative"},
    {"HEALTHCHECK --retries=9999999999 CMD x", "--retries must be a number"},
    {"HEALTHCHECK --nope=1 NONE", "unknown flag: --nope"},
    {"ONBUILD", "ONBUILD requires at least one argument"},
    {"ONBUILD from x", "FROM isn't allowed as an ONBUILD trigger"},
    {"ONBUILD MAINTAINER x", "MAINTAINER isn't allowed as an ONBUILD trigger"},
    {"ONBUILD ONBUILD RUN x", "Chaining ONBUILD"},
    {"ONBUILD --x RUN y", "unknown flag: --x"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(instruction)

BOOST_DATA_TEST_CASE(a_bad_instruction_is_refused, data::make(refused), row)
{
    const auto message = failure([&] { return read(row.input); });
    BOOST_TEST(contains(message, row.output), message);
}

BOOST_AUTO_TEST_CASE(errors_tell_the_lines)
{
    try {
        static_cast<void>(program("FROM x\n\nRUN \\\n --nope a\n"));
        BOOST_FAIL("accepted");
    } catch (const Error &error) {
        BOOST_TEST((error.where() == SourceSpan{.file = "Dockerfile", .first_line = 3, .last_line = 4}));
    }
}

BOOST_AUTO_TEST_CASE(from_tells_image_platform_and_name)
{
    const auto from = read_as<From>("# build-1 makes it\nFROM --platform=$P x:1 As Build-1");
    BOOST_TEST(from.image == "x:1");
    BOOST_TEST(from.platform.value() == "$P");
    BOOST_TEST(from.stage_name == "build-1");
    BOOST_TEST(from.written_stage_name == "Build-1");
    BOOST_TEST(from.written_as == "As");
    BOOST_TEST(from.comment == "makes it");
}

BOOST_AUTO_TEST_CASE(arguments_may_have_defaults)
{
    const auto arg = read_as<Arg>("# b is b\nARG a b=c=d e=");
    BOOST_REQUIRE_EQUAL(arg.items.size(), 3U);
    BOOST_TEST(!arg.items[0].value);
    BOOST_TEST(arg.items[1].name == "b");
    BOOST_TEST(arg.items[1].value.value() == "c=d");
    BOOST_TEST(arg.items[1].comment == "is b");
    BOOST_TEST(arg.items[2].value.value() == "");
}

BOOST_AUTO_TEST_CASE(assignments_tell_their_form)
{
    const auto env = read_as<Env>("ENV a=b \"c d\"=e");
    BOOST_REQUIRE_EQUAL(env.values.size(), 2U);
    BOOST_TEST(!env.values[0].legacy);
    BOOST_TEST(env.values[1].key == "\"c d\"");
    const auto label = read_as<Label>("LABEL a b c");
    BOOST_TEST(label.values.at(0).legacy);
    BOOST_TEST(label.values.at(0).value == "b c");
}

BOOST_AUTO_TEST_CASE(copy_has_its_flags)
{
    const auto copy =
        read_as<Copy>("COPY --from=a --chown=1:2 --chmod=u+x --link --parents=false --exclude=*.o "
                      "--exclude=*.a b c /d");
    BOOST_TEST(!copy.is_add);
    BOOST_TEST(copy.from == "a");
    BOOST_TEST(copy.chown == "1:2");
    BOOST_TEST(copy.chmod == "u+x");
    BOOST_TEST(copy.link);
    BOOST_TEST(!copy.parents);
    BOOST_TEST(copy.excludes == (Words{"*.o", "*.a"}), boost::test_tools::per_element());
    BOOST_TEST(copy.sources == (Words{"b", "c"}), boost::test_tools::per_element());
    BOOST_TEST(copy.destination == "/d");
}

BOOST_AUTO_TEST_CASE(add_has_its_flags)
{
    const auto add = read_as<Copy>("ADD --checksum=sha256:x --keep-git-dir --unpack=false a /b");
    BOOST_TEST(add.is_add);
    BOOST_TEST(add.checksum == "sha256:x");
    BOOST_TEST(add.keep_git_dir.value());
    BOOST_TEST(!add.unpack.value());
    BOOST_TEST(!read_as<Copy>("ADD a /b").unpack);
}

BOOST_AUTO_TEST_CASE(heredocs_are_sources_of_a_copy)
{
    const auto copy = read_as<Copy>("COPY <<A x <<-'B' /d/\n1\nA\n\t2\nB\n");
    BOOST_TEST(copy.sources == Words{"x"}, boost::test_tools::per_element());
    BOOST_REQUIRE_EQUAL(copy.inline_files.size(), 2U);
    BOOST_TEST(copy.inline_files[0].name == "A");
    BOOST_TEST(copy.inline_files[0].content == "1\n");
    BOOST_TEST(copy.inline_files[0].expand);
    BOOST_TEST(copy.inline_files[1].content == "2\n");
    BOOST_TEST(!copy.inline_files[1].expand);
}

BOOST_AUTO_TEST_CASE(equal_delimiters_have_their_own_bodies)
{
    const auto copy = read_as<Copy>("COPY <<A <<A /d/\n1\nA\n2\nA\n");
    BOOST_TEST(copy.inline_files.at(0).content == "1\n");
    BOOST_TEST(copy.inline_files.at(1).content == "2\n");
}

BOOST_AUTO_TEST_CASE(arrays_open_no_heredocs)
{
    const auto copy = read_as<Copy>("COPY [\"<<A\", \"/d\"]");
    BOOST_TEST(copy.sources == Words{"<<A"}, boost::test_tools::per_element());
    BOOST_TEST(copy.inline_files.empty());
}

BOOST_AUTO_TEST_CASE(run_has_two_forms)
{
    const auto shell = read_as<Run>("RUN echo  'a'");
    BOOST_TEST(shell.command.shell_form);
    BOOST_TEST(shell.command.words == Words{"echo  'a'"}, boost::test_tools::per_element());
    const auto exec = read_as<Run>("RUN [\"echo\", \"a b\"]");
    BOOST_TEST(!exec.command.shell_form);
    BOOST_TEST(exec.command.words == (Words{"echo", "a b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(run_has_its_flags)
{
    const auto run = read_as<Run>("RUN --mount=type=cache,target=/x --mount=target=$y --network=none "
                                  "--security=insecure --device=v.com/d=0,required <<E\na\nE");
    BOOST_REQUIRE_EQUAL(run.mounts.size(), 2U);
    BOOST_TEST(run.mounts[0].text == "type=cache,target=/x");
    BOOST_TEST(run.network == "none");
    BOOST_TEST(run.security == "insecure");
    BOOST_TEST(run.devices == Words{"v.com/d=0,required"}, boost::test_tools::per_element());
    BOOST_TEST(run.command.heredocs.at(0).content == "a\n");
    BOOST_TEST(read_as<Run>("RUN a").network == "");
}

BOOST_AUTO_TEST_CASE(commands_have_two_forms)
{
    BOOST_TEST(read_as<Cmd>("CMD a b").command.shell_form);
    BOOST_TEST(!read_as<Entrypoint>("ENTRYPOINT [\"a\"]").command.shell_form);
    BOOST_TEST(read_as<Entrypoint>("ENTRYPOINT []").command.words.empty());
    BOOST_TEST(read_as<Shell>("SHELL [\"a\", \"-c\"]").words == (Words{"a", "-c"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(health_checks_are_typed)
{
    const auto check = read_as<Healthcheck>("HEALTHCHECK --interval=1m --timeout=1.5s --start-period=1ms "
                                            "--start-interval=0 --retries=3 cmd a b");
    BOOST_TEST(check.test == (Words{"CMD-SHELL", "a b"}), boost::test_tools::per_element());
    BOOST_TEST(check.interval == 60'000'000'000);
    BOOST_TEST(check.timeout == 1'500'000'000);
    BOOST_TEST(check.start_period == 1'000'000);
    BOOST_TEST(check.start_interval == 0);
    BOOST_TEST(check.retries == 3);
}

BOOST_AUTO_TEST_CASE(health_checks_have_three_forms)
{
    BOOST_TEST(read_as<Healthcheck>("HEALTHCHECK CMD [\"a\", \"b\"]").test == (Words{"CMD", "a", "b"}),
               boost::test_tools::per_element());
    const auto none = read_as<Healthcheck>("HEALTHCHECK --interval=1s none");
    BOOST_TEST(none.test == Words{"NONE"}, boost::test_tools::per_element());
    BOOST_TEST(none.interval == 0);
}

BOOST_AUTO_TEST_CASE(ports_are_sorted)
{
    BOOST_TEST(read_as<Expose>("EXPOSE 90 $p 100").ports == (Words{"$p", "100", "90"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(volumes_are_trimmed)
{
    BOOST_TEST(read_as<Volume>("VOLUME [\" /a \", \"/b c\"]").paths == (Words{"/a", "/b c"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(single_arguments_are_whole)
{
    BOOST_TEST(read_as<User>("USER a b").user == "a b");
    BOOST_TEST(read_as<Workdir>("WORKDIR /a b").path == "/a b");
    BOOST_TEST(read_as<StopSignal>("STOPSIGNAL $S").signal == "$S");
    BOOST_TEST(read_as<Maintainer>("MAINTAINER a <b>").name == "a <b>");
}

BOOST_AUTO_TEST_CASE(a_trigger_keeps_its_text)
{
    BOOST_TEST(read_as<OnBuild>("OnBuild  RUN  a \\\n  b ").text == "RUN  a   b ");
    BOOST_TEST(read_as<OnBuild>("ONBUILD NOPE x").text == "NOPE x");
}

BOOST_AUTO_TEST_CASE(a_trigger_keeps_its_bodies)
{
    const auto text = read_as<OnBuild>("ONBUILD RUN <<-A <<B\n\t1\n\tA\n2\nB\n").text;
    BOOST_TEST(text == "RUN <<-A <<B\n\t1\nA\n2\nB");
    const auto again = read_as<Run>(text);
    BOOST_TEST(again.command.heredocs.at(0).content == "1\n");
}

BOOST_AUTO_TEST_CASE(an_instruction_keeps_its_source)
{
    const auto instruction = read("# note\n  Run  a \n");
    BOOST_TEST(instruction.original == "Run  a");
    BOOST_TEST(instruction.keyword == "run");
    BOOST_TEST(instruction.written_keyword == "Run");
    BOOST_TEST(instruction.comments == Words{"note"}, boost::test_tools::per_element());
    BOOST_TEST(instruction.where.first_line == 2U);
}

BOOST_AUTO_TEST_CASE(stages_hold_what_follows_them)
{
    const auto all = program("ARG a\nARG b\nFROM x\nRUN 1\nRUN 2\nFROM y AS z\nARG c\n");
    BOOST_TEST(all.global_args.size() == 2U);
    BOOST_REQUIRE_EQUAL(all.stages.size(), 2U);
    BOOST_TEST(all.stages[0].from.image == "x");
    BOOST_TEST(all.stages[0].instructions.size() == 2U);
    BOOST_TEST(all.stages[0].where.first_line == 3U);
    BOOST_TEST(all.stages[0].where.last_line == 5U);
    BOOST_TEST(all.stages[1].from.stage_name == "z");
    BOOST_TEST(all.stages[1].from_instruction.written_keyword == "FROM");
}

BOOST_AUTO_TEST_CASE(only_arguments_stand_before_a_stage)
{
    BOOST_TEST(failure([] { return program("RUN a\nFROM x"); }) == "no build stage in current context");
}

BOOST_AUTO_TEST_CASE(a_program_needs_a_stage)
{
    BOOST_TEST(failure([] { return program("ARG a"); }) == "dockerfile contains no stages to build");
    BOOST_TEST(parse_instructions(parse("ARG a", "D")).global_args.size() == 1U);
}

BOOST_AUTO_TEST_CASE(doc_comments_begin_with_the_name)
{
    const Words comments{"a", "ab c", "a  b", "a c"};
    BOOST_TEST(doc_comment(comments, "a") == " b");
    BOOST_TEST(doc_comment(comments, "b") == "");
    BOOST_TEST(doc_comment(comments, "") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mica::dockerfile
