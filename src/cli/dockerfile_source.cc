#include "cli/dockerfile_source.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::cli {

namespace fs = std::filesystem;

Fd duplicate_of_stdin()
{
    Fd copy{::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)};
    if (!copy)
        throw system_error("standard input", errno);
    return copy;
}

std::string read_dockerfile_on_stdin()
{
    FdSource source{duplicate_of_stdin()};
    return read_all(source, longest_dockerfile);
}

DockerfileSource read_dockerfile(const fs::path &context, const std::optional<std::string> &file)
{
    if (file == "-")
        return {read_dockerfile_on_stdin(), "Dockerfile", context::find_ignore_file(context, std::nullopt)};
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
    if (context.find("://") != std::string::npos)
        throw Error{ErrorKind::usage,
                    fmt::format("the context \"{}\" is of no kind that mica knows", context)}
            .with_hint("a context is a directory, \"-\", tar://FILE, a git repository, or an address: "
                       "http(s)://, s3://, "
                       "gs://");
    std::error_code code;
    const auto status = fs::status(context, code);
    if (!fs::exists(status))
        throw Error{ErrorKind::not_found, fmt::format("the context \"{}\" does not exist", context)};
    if (!fs::is_directory(status))
        throw Error{ErrorKind::usage, fmt::format("the context \"{}\" is not a directory", context)};
}

} // namespace mica::cli
