#include "cli/kaniko/sources.hh"

#include "base/error.hh"
#include <filesystem>
#include <fmt/format.h>
#include <string_view>

namespace mica::cli::kaniko {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view directory_scheme = "dir://";

/// --bucket is an older spelling: of a context in Google's storage, if it has no scheme.
std::string named_context(const ExecutorOptions &options)
{
    if (options.bucket.empty())
        return options.context;
    return options.bucket.find("://") == std::string::npos ? "gs://" + options.bucket : options.bucket;
}

} // namespace

std::string context_of(const ExecutorOptions &options)
{
    auto context = named_context(options);
    if (context.starts_with(directory_scheme))
        context.erase(0, directory_scheme.size());
    if (const auto end = context.find("://"); end != std::string::npos)
        throw Error{ErrorKind::unsupported,
                    fmt::format("a context of the kind {} is not supported yet", context.substr(0, end + 3))}
            .with_hint("give a directory");
    if (options.context_sub_path.empty())
        return context;
    return fs::path{context} / fs::path{options.context_sub_path}.relative_path();
}

std::string dockerfile_of(const ExecutorOptions &options, const std::string &context)
{
    std::error_code code;
    if (fs::exists(options.dockerfile, code))
        return options.dockerfile;
    return fs::path{context} / options.dockerfile;
}

} // namespace mica::cli::kaniko
