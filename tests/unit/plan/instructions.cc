#include "unit/plan/fixture.hh"
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <ostream>

using namespace mica::plan;
using namespace mica::plan::test;

namespace {

struct Line {
    std::string instruction, history;
};
std::ostream &operator<<(std::ostream &out, const Line &line)
{
    return out << line.instruction;
}

/// What stands in the history for an instruction.
const Line lines[] = {
    {"RUN echo $X", "RUN /bin/sh -c echo $X # buildkit"},
    {"RUN [\"a\", \"b c\"]", "RUN a b c # buildkit"},
    {"RUN --mount=type=cache,target=/c x", "RUN /bin/sh -c x # buildkit"},
    {"RUN <<E\necho 1\nE", "RUN /bin/sh -c echo 1\n # buildkit"},
    {"RUN <<-E\n\techo 1\nE", "RUN /bin/sh -c echo 1\n # buildkit"},
    {"RUN <<E\n#!/bin/x\nE", "RUN /bin/sh -c /dev/pipes/E # buildkit"},
    {"RUN cat <<-E\n\t1\nE", "RUN /bin/sh -c cat <<-E\n\t1\nE # buildkit"},
    {"COPY --chown=1:2 --chmod=755 --link a b /c", "COPY --chown=1:2 --chmod=755 a b /c # buildkit"},
    {"COPY --parents --exclude=x a /c", "COPY --parents a /c # buildkit"},
    {"COPY <<E f /c/\nx\nE", "COPY f <<E /c/ # buildkit"},
    {"ADD --checksum=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa https://h/x /y",
     "ADD https://h/x /y # buildkit"},
    {"ENV A=1 B=\"two words\"", "ENV A=1 B=two words"},
    {"LABEL a.b=c d=\"e f\"", "LABEL a.b=c d=e f"},
    {"CMD x y", "CMD [\"/bin/sh\" \"-c\" \"x y\"]"},
    {"CMD [\"x\", \"y\\\"z\"]", "CMD [\"x\" \"y\\\"z\"]"},
    {"ENTRYPOINT []", "ENTRYPOINT []"},
    {"SHELL [\"/bin/bash\", \"-c\"]", "SHELL [/bin/bash -c]"},
    {"WORKDIR a", "WORKDIR /a"},
    {"WORKDIR /a/", "WORKDIR /a/"},
    {"USER u:g", "USER u:g"},
    {"EXPOSE 82/UDP 80-81", "EXPOSE [80/tcp 81/tcp 82/udp]"},
    {"VOLUME /a \"/b\"", "VOLUME [/a /b]"},
    {"STOPSIGNAL kill", "STOPSIGNAL kill"},
    {"MAINTAINER me <m@e>", "MAINTAINER me <m@e>"},
    {"HEALTHCHECK --retries=2 CMD x",
     "HEALTHCHECK {Test:[CMD-SHELL x] Interval:0s Timeout:0s StartPeriod:0s StartInterval:0s Retries:2}"},
    {"ARG A=1 B", "ARG A=1 B"},
};

const Line failures[] = {
    {"COPY https://h/x /y", "source can't be a URL for COPY"},
    {"COPY git@h:x /y", "source can't be a git ref for COPY"},
    {"COPY --chmod=64a x /y",
     "invalid chmod parameter: '64a'. it should be octal string and between 0 and 07777"},
    {"ADD --checksum=sha256:1 x /y", "checksum requires HTTP(S) or Git sources"},
    {"ADD --checksum=sha256:1 https://a/b https://c/d /y",
     "checksum can't be specified for multiple sources"},
    {"ADD --checksum=md5:12 https://h/x /y", "invalid --checksum \"md5:12\""},
    {"STOPSIGNAL SIGNOTHING", "invalid signal: SIGNOTHING"},
    {"VOLUME $NOTHING", "VOLUME specified can not be an empty string"},
    {"EXPOSE 99999", "invalid containerPort: 99999"},
};

} // namespace

BOOST_DATA_TEST_CASE(each_instruction_has_its_line_of_history, lines)
{
    BOOST_TEST(history_of("FROM x\n" + sample.instruction + "\n") == Strings{sample.history},
               boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(what_an_instruction_refuses, failures)
{
    const auto message = failure_of("FROM x\n" + sample.instruction + "\n");
    BOOST_TEST(message.starts_with(sample.history), message);
}

BOOST_AUTO_TEST_CASE(onbuild_leaves_no_line)
{
    BOOST_TEST(history_of("FROM x\nONBUILD RUN y\n").empty());
}

BOOST_AUTO_TEST_CASE(what_makes_a_layer_is_marked_in_the_history)
{
    const auto image = image_of("FROM scratch\nRUN x\nCOPY a b\nWORKDIR /\nWORKDIR /w\nENV A=1\n");
    std::vector<bool> empty;
    for (const auto &entry : image.history) {
        empty.push_back(entry.empty_layer);
        BOOST_TEST(entry.comment == "buildkit.dockerfile.v0");
    }
    const std::vector<bool> expected{false, false, true, false, true};
    BOOST_CHECK(empty == expected);
}

BOOST_AUTO_TEST_CASE(a_run_shows_the_arguments_it_could_see)
{
    const auto history = history_of("FROM x\nARG A=1\nARG B\nENV B=env\nARG A=2\nRUN x\n");
    BOOST_TEST(history.back() == "RUN |2 A=2 B=env /bin/sh -c x # buildkit");
}

BOOST_AUTO_TEST_CASE(env_replaces_in_place)
{
    const Strings expected{"PATH=/bin", "A=3", "B=2"};
    BOOST_TEST(image_of("FROM x\nENV A=1 B=2\nENV A=3\n").config.env == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(words_of_one_instruction_see_the_environment_before_it)
{
    const Strings expected{"PATH=/bin", "A=2", "B=1"};
    BOOST_TEST(image_of("FROM x\nENV A=1\nENV A=2 B=$A\n").config.env == expected,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_users_labels_win)
{
    auto options = amd64();
    options.labels = {{"a", "user"}};
    const auto image = image_of("FROM x\nLABEL a=file b=file\n", options);
    BOOST_TEST(image.config.labels.at("a") == "user");
    BOOST_TEST(image.config.labels.at("b") == "file");
}

BOOST_AUTO_TEST_CASE(a_variable_can_hold_several_ports)
{
    const auto ports = image_of("FROM x\nENV P=\"80 90-91/udp\"\nEXPOSE $P\n").config.exposed_ports;
    const std::set<std::string> expected{"80/tcp", "90/udp", "91/udp"};
    BOOST_CHECK(ports == expected);
}

BOOST_AUTO_TEST_CASE(the_shell_of_the_stage_runs_shell_forms)
{
    const auto plan = plan_of("FROM x\nSHELL [\"/bin/bash\", \"-ec\"]\nRUN a b\nCMD c\n");
    const Strings argv{"/bin/bash", "-ec", "a b"}, cmd{"/bin/bash", "-ec", "c"};
    BOOST_TEST(only_step<RunStep>(plan).argv == argv, boost::test_tools::per_element());
    BOOST_CHECK(plan.stages.at(0).config.config.cmd == cmd);
}

BOOST_AUTO_TEST_CASE(heredocs_of_copy_are_files_and_expand_unless_quoted)
{
    const auto plan = plan_of("FROM x\nENV A=1\nCOPY <<a <<\"b\" /d/\n'$A' \\$A\na\n$A\nb\n");
    const auto copy = only_step<CopyStep>(plan);
    BOOST_TEST(copy.sources.empty());
    BOOST_CHECK((copy.inline_files == std::vector<InlineFile>{{"a", "'1' $A\n"}, {"b", "$A\n"}}));
}

BOOST_AUTO_TEST_CASE(a_script_with_an_interpreter_is_a_file_to_execute)
{
    const auto run = only_step<RunStep>(plan_of("FROM x\nRUN <<S\n#!/usr/bin/python\nprint(1)\nS\n"));
    BOOST_CHECK((run.scripts == std::vector<InlineFile>{{"S", "#!/usr/bin/python\nprint(1)\n"}}));
    BOOST_TEST(run.argv.back() == "/dev/pipes/S");
}

BOOST_AUTO_TEST_CASE(a_workdir_is_a_step_of_the_current_user)
{
    const auto step = only_step<WorkdirStep>(plan_of("FROM x\nUSER u\nWORKDIR /a/../b/\n"));
    BOOST_TEST(step.path == "/b");
    BOOST_TEST(step.user == "u");
}

BOOST_AUTO_TEST_CASE(a_step_is_shown_with_its_variables_but_not_its_secrets)
{
    const auto plan =
        plan_of("FROM x\nENV A=1 S=2\nRUN --mount=type=secret,id=s,env=S echo $A $S $unset 'q'\n");
    BOOST_TEST(plan.stages.at(0).steps.at(0).name.find("echo 1 **** $unset 'q'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(more_than_the_sandbox_needs_permission)
{
    auto options = amd64();
    for (const auto *flag : {"--network=host", "--security=insecure", "--device=v.com/c=d"}) {
        const auto text = std::string{"FROM x\nRUN "} + flag + " true\n";
        BOOST_TEST(failure_of(text).find("entitlement") != std::string::npos);
    }
    options.network_host_allowed = options.security_insecure_allowed = true;
    options.device_allowed = [](const std::string &name) { return name == "v.com/c=d"; };
    const auto run = only_step<RunStep>(
        plan_of("FROM x\nRUN --network=host --security=insecure --device=v.com/c=d true\n", options));
    BOOST_TEST(run.network == "host");
    BOOST_TEST(run.security == "insecure");
    BOOST_TEST(run.devices.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_comes_from_the_context_may_belong_to_the_user)
{
    auto options = amd64();
    const std::string text = "FROM scratch AS a\nFROM scratch\nCOPY w /\nUSER me:us\nCOPY x /\n"
                             "COPY --chown=1 y /\nCOPY --from=a z /\n";
    const auto owners = [&] {
        std::vector<std::string> out;
        const auto plan = plan_of(text, options);
        for (const auto &step : plan.stages.at(plan.target).steps)
            out.push_back(std::get<CopyStep>(step.operation).chown);
        return out;
    };
    BOOST_TEST(owners() == (std::vector<std::string>{"", "", "1", ""}), boost::test_tools::per_element());
    options.copy_as_user = true;
    BOOST_TEST(owners() == (std::vector<std::string>{"", "me:us", "1", ""}),
               boost::test_tools::per_element());
}
