#include "base/digest.hh"
#include "context/remote_source.hh"
#include "plan/apply.hh"
#include "plan/chmod_text.hh"
#include "plan/paths.hh"
#include <fmt/format.h>
#include <variant>

namespace mica::plan {
namespace {

/// A download is compared with a digest, a repository with a commit.
void check_digest(const std::string &checksum)
try {
    (void)Digest::parse(checksum);
} catch (const Error &error) {
    throw Error{ErrorKind::dockerfile,
                fmt::format("invalid --checksum \"{}\": {}", checksum, error.message())}
        .with_hint("write --checksum=sha256:<64 hexadecimal digits>");
}

void check_checksum(const CopyStep &step)
{
    if (step.checksum.empty())
        return;
    if (step.sources.size() != 1)
        throw Error{ErrorKind::dockerfile, "checksum can't be specified for multiple sources"};
    const auto remote = context::parse_remote_source(step.sources.front());
    if (!remote)
        throw Error{ErrorKind::dockerfile, "checksum requires HTTP(S) or Git sources"};
    if (std::holds_alternative<context::HttpSource>(*remote))
        check_digest(step.checksum);
}

void check_sources(const StageScope &scope, const CopyStep &step, bool from_context)
{
    for (const auto &source : step.sources) {
        const auto remote = context::parse_remote_source(source);
        if (!remote && from_context)
            scope.build.ignored.check(step.is_add, source, scope.where(), scope.checks);
        if (!remote || step.is_add)
            continue;
        const bool is_git = std::holds_alternative<context::GitSource>(*remote);
        throw Error{ErrorKind::dockerfile,
                    is_git ? "source can't be a git ref for COPY" : "source can't be a URL for COPY"}
            .with_hint("ADD fetches what is not in the build context");
    }
}

CopyStep expanded(const StageScope &scope, const dockerfile::Copy &copy)
{
    CopyStep step;
    step.is_add = copy.is_add;
    step.chown = scope.expand(copy.chown);
    step.chmod = scope.expand(copy.chmod);
    step.checksum = scope.expand(copy.checksum);
    step.sources = scope.expand_each(copy.sources);
    step.destination = scope.expand(copy.destination);
    for (const auto &file : copy.inline_files)
        step.inline_files.push_back(
            {file.name, file.expand ? scope.expand_body(file.content) : file.content});
    step.link = copy.link;
    step.parents = copy.parents;
    step.excludes = copy.excludes;
    step.keep_git_dir = copy.keep_git_dir;
    step.unpack = copy.unpack;
    return step;
}

std::string history_line(const CopyStep &step)
{
    std::string line = step.is_add ? "ADD" : "COPY";
    if (step.parents)
        line += " --parents";
    if (!step.chown.empty())
        line += " --chown=" + step.chown;
    if (!step.chmod.empty())
        line += " --chmod=" + step.chmod;
    for (const auto &source : step.sources)
        line += " " + source;
    for (const auto &file : step.inline_files)
        line += " <<" + file.name;
    return line + " " + step.destination + " # buildkit";
}

} // namespace

void apply(const StageScope &scope, const dockerfile::Copy &copy)
{
    auto step = expanded(scope, copy);
    const bool from_context = scope.command.sources.empty();
    if (!from_context)
        step.from = scope.input_of(*scope.command.sources.front());
    if (!step.chmod.empty())
        check_chmod(step.chmod);
    check_checksum(step);
    check_sources(scope, step, from_context);
    const auto history = add_history(scope.stage, history_line(step), true);
    if (from_context && step.chown.empty() && scope.build.options.copy_as_user)
        step.chown = scope.config().user;
    step.destination = destination_path(scope.config().working_dir, step.destination);
    scope.add_step(std::move(step), scope.display_name(), history);
}

} // namespace mica::plan
