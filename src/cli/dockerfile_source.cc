#include "cli/dockerfile_source.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli {

namespace fs = std::filesystem;

namespace {

// No Dockerfile is as long as this; a file that is was given by mistake.
constexpr std::uint64_t longest_dockerfile = std::uint64_t{16} << 20;

std::string read_standard_input()
{
    const int copy = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (copy < 0)
        throw system_error("the Dockerfile on standard input", errno);
    FdSource source{Fd{copy}};
    return read_all(source, longest_dockerfile);
}

} // namespace

DockerfileSource read_dockerfile(const fs::path &context, const std::optional<std::string> &file)
{
    if (file == "-")
        return {read_standard_input(), "Dockerfile", context::find_ignore_file(context, std::nullopt)};
    const auto path = file ? fs::path{*file} : context / "Dockerfile";
    if (fs::is_directory(path))
        throw Error{ErrorKind::usage, fmt::format("{} is a directory, not a Dockerfile", path.string())};
    try {
        return {read_file(path, longest_dockerfile), file ? path.lexically_normal().string() : "Dockerfile",
                context::find_ignore_file(context, path)};
    } catch (Error &error) {
        if (error.kind() == ErrorKind::not_found && !fs::exists(path))
            error.set_hint(file ? "--file is relative to the working directory, not to the context"
                                : "name the Dockerfile with --file PATH if it is elsewhere");
        throw;
    }
}

void check_context(const std::string &context)
{
    const auto remote = context.find("://") != std::string::npos || context.starts_with("git@");
    if (context == "-" || remote)
        throw Error{ErrorKind::usage, fmt::format("the context \"{}\" is not a directory", context)}
            .with_hint("archives, git repositories and other servers cannot be the context yet: unpack it, "
                       "and give the directory");
    std::error_code code;
    const auto status = fs::status(context, code);
    if (!fs::exists(status))
        throw Error{ErrorKind::not_found, fmt::format("the context \"{}\" does not exist", context)};
    if (!fs::is_directory(status))
        throw Error{ErrorKind::usage, fmt::format("the context \"{}\" is not a directory", context)};
}

} // namespace mica::cli
