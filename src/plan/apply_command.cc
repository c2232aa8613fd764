#include "plan/apply.hh"
#include "plan/go_text.hh"
#include <fmt/format.h>

namespace mica::plan {
namespace {

/// Only the last of an instruction counts; the remark stands at the one that is lost.
void check_once(const StageScope &scope, std::optional<SourceSpan> &last)
{
    if (last)
        scope.checks.report(
            Rule::multiple_instructions_disallowed, *last,
            fmt::format("Multiple {} instructions should not be used in the same stage because only "
                        "the last one will be used",
                        scope.command.instruction.written_keyword));
    last = scope.where();
}

void check_form(const StageScope &scope, const dockerfile::CommandLine &line)
{
    const auto &shell = scope.config().shell;
    if (line.shell_form && (!shell || shell->empty()))
        scope.checks.report(
            Rule::json_args_recommended, scope.where(),
            fmt::format("JSON arguments recommended for {} to prevent unintended behavior related to "
                        "OS signals",
                        scope.command.instruction.written_keyword));
}

std::optional<std::vector<std::string>> unless_empty(std::vector<std::string> words)
{
    if (words.empty())
        return std::nullopt;
    return words;
}

} // namespace

void apply(const StageScope &scope, const dockerfile::Cmd &cmd)
{
    check_once(scope, scope.stage.cmd);
    check_form(scope, cmd.command);
    const auto words = scope.with_shell(cmd.command);
    scope.config().cmd = unless_empty(words);
    scope.config().args_escaped = true;
    add_history(scope.stage, "CMD " + quoted_list(words), false);
}

void apply(const StageScope &scope, const dockerfile::Entrypoint &entrypoint)
{
    check_once(scope, scope.stage.entrypoint);
    check_form(scope, entrypoint.command);
    const auto words = scope.with_shell(entrypoint.command);
    scope.config().entrypoint = unless_empty(words);
    // A CMD of the base was meant for the base's entry point.
    if (!scope.stage.cmd)
        scope.config().cmd.reset();
    add_history(scope.stage, "ENTRYPOINT " + quoted_list(words), false);
}

void apply(const StageScope &scope, const dockerfile::Healthcheck &healthcheck)
{
    check_once(scope, scope.stage.healthcheck);
    const oci::Healthcheck check{healthcheck.test,         healthcheck.interval,       healthcheck.timeout,
                                 healthcheck.start_period, healthcheck.start_interval, healthcheck.retries};
    scope.config().healthcheck = check;
    add_history(scope.stage, "HEALTHCHECK " + healthcheck_text(check), false);
}

void apply(const StageScope &scope, const dockerfile::Shell &shell)
{
    scope.config().shell = shell.words;
    add_history(scope.stage, "SHELL " + plain_list(shell.words), false);
}

} // namespace mica::plan
