#include "exec/copy/step_check.hh"

#include "base/digest.hh"
#include "base/error.hh"
#include "context/remote_source.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::exec {

namespace {

[[noreturn]] void refuse(const char *message)
{
    throw Error{ErrorKind::dockerfile, message};
}

void check_checksum(const plan::CopyStep &step)
{
    if (!step.is_add)
        refuse("checksum can't be specified for COPY");
    if (step.sources.size() + step.inline_files.size() != 1)
        refuse("checksum can't be specified for multiple sources");
    const bool remote =
        !step.sources.empty() && (context::is_url(step.sources[0]) || context::is_git(step.sources[0]));
    if (!remote)
        refuse("checksum requires HTTP(S) or Git sources");
}

} // namespace

void check_copy_step(const plan::CopyStep &step)
{
    if (!step.checksum.empty())
        check_checksum(step);
    const bool has_url = std::any_of(step.sources.begin(), step.sources.end(), context::is_url);
    const bool has_git = std::any_of(step.sources.begin(), step.sources.end(), context::is_git);
    if (!step.is_add && has_url)
        refuse("source can't be a URL for COPY");
    if (!step.is_add && has_git)
        refuse("source can't be a git ref for COPY");
    if (step.keep_git_dir.value_or(false) && !has_git)
        refuse("--keep-git-dir needs a git source");
    if (step.unpack && !step.is_add)
        refuse("--unpack is a flag of ADD");
    if (step.parents && step.is_add)
        refuse("--parents is a flag of COPY");
}

namespace {

void add_flags(context::HttpSource &source, const plan::CopyStep &step)
{
    if (step.checksum.empty())
        return;
    try {
        source.checksum = Digest::parse(step.checksum).str();
    } catch (const Error &error) {
        throw Error{ErrorKind::dockerfile, fmt::format("--checksum={}: {}", step.checksum, error.message())};
    }
}

void add_flags(context::GitSource &source, const plan::CopyStep &step)
{
    if (!step.checksum.empty()) {
        if (!source.commit.empty() && source.commit != step.checksum)
            throw Error{ErrorKind::dockerfile,
                        fmt::format("checksum mismatch \"{}\" != \"{}\"", step.checksum, source.commit)};
        source.commit = step.checksum;
    }
    if (step.keep_git_dir) {
        if (source.keep_git_dir.value_or(*step.keep_git_dir) != *step.keep_git_dir)
            refuse("inconsistent keep-git-dir configuration");
        source.keep_git_dir = step.keep_git_dir;
    }
}

} // namespace

context::RemoteSource with_flags(context::RemoteSource source, const plan::CopyStep &step)
{
    std::visit([&step](auto &remote) { add_flags(remote, step); }, source);
    return source;
}

} // namespace mica::exec
