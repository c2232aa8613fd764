#include "cli/kaniko/git_flags.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "cli/kaniko/flag.hh"
#include "cli/values.hh"
#include "context/git_refs.hh"
#include <fmt/format.h>

namespace mica::cli::kaniko {

namespace {

constexpr std::int64_t deepest = 1'000'000;

Error wrong(std::string message)
{
    return Error{ErrorKind::usage, std::move(message)};
}

void add_one(GitFlags &into, std::string_view text)
{
    const auto [name, given] = parse_name_value(text);
    const auto value = given.value_or("");
    if (name == "branch")
        into.branch = value;
    else if (name == "depth")
        into.depth = static_cast<unsigned>(parse_number(value, 0, deepest));
    else if (name == "single-branch")
        (void)parse_truth(value); // never more than one is fetched
    else if (name == "recurse-submodules")
        into.submodules = parse_truth(value);
    else if (name == "insecure-skip-tls")
        into.any_certificate = parse_truth(value);
    else
        throw wrong(fmt::format("--git has no \"{}\"", name))
            .with_hint("there are branch, single-branch, depth, recurse-submodules and insecure-skip-tls");
}

std::string method_of(const Environment &environment)
{
    const auto method = environment.get("GIT_PULL_METHOD").value_or("https");
    if (method != "https" && method != "http")
        throw wrong(fmt::format("GIT_PULL_METHOD is https or http, not \"{}\"", method));
    return method;
}

} // namespace

void add_git_flag(GitFlags &into, const std::string &given)
{
    for (const auto part : split(given, ','))
        add_one(into, trim(part));
}

context::GitSource git_source_of(std::string_view context, const GitFlags &flags,
                                 const Environment &environment)
{
    const auto parts = split(context.substr(git_scheme.size()), '#');
    if (parts.size() > 3 || parts.front().empty())
        throw wrong(fmt::format("\"{}\" is not of the form git://HOST/PATH[#REF[#COMMIT]]", context));
    context::GitSource source;
    source.remote = fmt::format("{}://{}", method_of(environment), parts.front());
    source.ref = parts.size() > 1 ? std::string{parts[1]} : std::string{};
    if (source.ref.empty())
        source.ref = flags.branch;
    // The commit is what is built; the ref only says where to find it.
    if (parts.size() > 2) {
        if (!context::is_commit_name(parts[2]))
            throw wrong(fmt::format("\"{}\" is not the whole hash of a commit", parts[2]));
        source.ref = parts[2];
    }
    source.submodules = flags.submodules;
    source.depth = flags.depth;
    if (flags.depth) // who asks for history wants to see it
        source.keep_git_dir = true;
    return source;
}

std::optional<context::GitLogin> git_login_of(const Environment &environment)
{
    if (const auto token = environment.get("GIT_TOKEN"); token && !token->empty())
        return context::GitLogin{*token, {}};
    const auto user = environment.get("GIT_USERNAME").value_or(""),
               password = environment.get("GIT_PASSWORD").value_or("");
    if (user.empty() && password.empty())
        return std::nullopt;
    return context::GitLogin{user, password};
}

} // namespace mica::cli::kaniko
