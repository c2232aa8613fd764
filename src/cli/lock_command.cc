#include "cli/lock_command.hh"

#include "cli/arguments.hh"
#include "cli/build_session.hh"
#include "cli/command_run.hh"
#include "cli/lock_file.hh"
#include "cli/option_groups.hh"
#include "cli/values.hh"
#include "io/fd.hh"
#include "ui/diagnostics.hh"
#include <unistd.h>

namespace mica::cli {

namespace {

exec::Pins earlier(const LockOptions &options)
{
    return std::filesystem::exists(options.file) ? read_lock(options.file) : exec::Pins{};
}

/// What the target takes from elsewhere. What is known is taken as it was, unless all is asked anew.
exec::Pins resolved(const LockOptions &options, const exec::Pins &known, const Environment &environment,
                    EventBus &bus, const std::stop_token &stop)
{
    using Kind = exec::ResolvedInput::Kind;
    auto build = options.build;
    build.proof.pins = options.update ? exec::Pins{} : known;
    build.proof.pins->refuse_others = false;
    exec::Pins pins;
    for (const auto &input : BuildSession{build, environment, bus, stop}.resolve()) {
        if (input.kind == Kind::commit)
            pins.commits.insert_or_assign(input.name, input.digest);
        else if (input.kind == Kind::file)
            pins.files.insert_or_assign(input.name, Digest::parse(input.digest));
        else if (input.kind != Kind::layout && !oci::Reference::parse(input.name).digest())
            pins.images.insert_or_assign(input.name, Digest::parse(input.digest));
    }
    return pins;
}

/// Names that the target does not need any more stay.
exec::Pins joined(exec::Pins after, const exec::Pins &before)
{
    after.images.insert(before.images.begin(), before.images.end());
    after.files.insert(before.files.begin(), before.files.end());
    after.commits.insert(before.commits.begin(), before.commits.end());
    return after;
}

} // namespace

CommandSpec lock_command_spec(LockOptions &into, const Environment &environment)
{
    CommandSpec command;
    command.name = "lock";
    command.summary = "Pin the images, files and repositories that a Dockerfile names.";
    command.description =
        "Writes the digests of the images that the target is built from, of the files that ADD fetches and "
        "the "
        "commits of its repositories to a file, so that \"mica build --lock\" takes the same ones until the "
        "file is updated. Names that the file has keep their digests unless "
        "--update is "
        "given. What changed is told: \"+\" came, \"-\" went, \"~\" means something else now.";
    command.options =
        options_named(build_command_spec(into.build, environment),
                      {"--file", "--target", "--build-arg", "--build-context", "--platform", "--secret",
                       "--ssh", "--progress", "--debug", "--state", "--insecure-registry"});
    command.options.insert(
        command.options.begin(),
        {{"--update", "", "Look all names up anew, and forget those that are not needed any more.", false,
          [&into](const std::string &value) { into.update = parse_switch(value); }},
         {"--lock", "FILE", "The file (default: mica.lock).", false,
          [&into](const std::string &value) { into.file = value; }}});
    command.operands.push_back({"CONTEXT", "The directory with the Dockerfile.",
                                [&into](const std::string &value) { into.build.context = value; }});
    return command;
}

std::optional<LockOptions> parse_lock_options(const std::vector<std::string> &arguments,
                                              const Environment &environment)
{
    LockOptions options;
    if (parse_arguments(lock_command_spec(options, environment), arguments) == ParseOutcome::help_wanted)
        return std::nullopt;
    return options;
}

int run_lock(const LockOptions &options, const Environment &environment, const std::stop_token &stop)
{
    return run_with_console(options.build, environment, stop, [&](EventBus &bus) {
        const auto before = earlier(options);
        auto after = resolved(options, before, environment, bus, stop);
        if (!options.update)
            after = joined(std::move(after), before);
        if (after != before || !std::filesystem::exists(options.file))
            write_file_atomically(options.file, lock_json(after));
        write_all(STDOUT_FILENO, as_bytes(describe_changes(before, after)));
        return ui::exit_code::success;
    });
}

} // namespace mica::cli
