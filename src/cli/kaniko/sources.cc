#include "cli/kaniko/sources.hh"

#include "base/error.hh"
#include "cli/kaniko/git_flags.hh"
#include "context/remote_source.hh"
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <string_view>

namespace mica::cli::kaniko {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view directory_scheme = "dir://";
constexpr std::array fetched_schemes{"tar://", "s3://", "gs://", "https://"};

/// --bucket is an older spelling: of a context in Google's storage, if it has no scheme.
std::string named_context(const ExecutorOptions &options)
{
    if (options.bucket.empty())
        return options.context;
    return options.bucket.find("://") == std::string::npos ? "gs://" + options.bucket : options.bucket;
}

bool is_fetched(std::string_view context)
{
    for (const std::string_view scheme : fetched_schemes)
        if (context.starts_with(scheme))
            return true;
    return false;
}

/// As given if there is such a file, else in the context.
std::string dockerfile_in(const std::string &directory, const std::string &given)
{
    std::error_code code;
    return context::is_url(given) || fs::exists(given, code) ? given : (fs::path{directory} / given).string();
}

void use_directory(const ExecutorOptions &options, std::string directory, BuildOptions &build)
{
    if (!options.context_sub_path.empty())
        directory = fs::path{directory} / fs::path{options.context_sub_path}.relative_path();
    build.dockerfile = dockerfile_in(directory, options.dockerfile);
    build.context = std::move(directory);
}

} // namespace

void apply_sources(const ExecutorOptions &options, const Environment &environment, BuildOptions &build)
{
    auto context = named_context(options);
    auto &details = build.context_details;
    if (context.starts_with(directory_scheme))
        return use_directory(options, context.substr(directory_scheme.size()), build);
    if (context.starts_with(git_scheme)) {
        details.repository = git_source_of(context, options.git, environment);
        details.repository->subdir = fs::path{options.context_sub_path}.relative_path();
        details.git_login = git_login_of(environment);
        details.any_git_certificate = options.git.any_certificate;
    } else if (is_fetched(context)) {
        details.subdirectory = options.context_sub_path;
    } else if (const auto end = context.find("://"); end != std::string::npos) {
        throw Error{ErrorKind::usage,
                    fmt::format("there is no context of the kind {}", context.substr(0, end + 3))}
            .with_hint("there are dir://, tar://, git://, https://, s3:// and gs://");
    } else {
        return use_directory(options, std::move(context), build);
    }
    details.dockerfile_of_host = true;
    build.dockerfile = options.dockerfile;
    build.context = context == "tar://stdin" ? "-" : std::move(context);
}

} // namespace mica::cli::kaniko
