#include "auth/helper.hh"

#include "auth/child.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth {

namespace {

constexpr std::size_t output_limit = 256 * 1024;
constexpr std::size_t words_limit = 500;

void check_name(const std::string &name)
{
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    if (name.empty() || name.find_first_not_of(letters) != std::string::npos)
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is no name of a credential helper", name)};
}

/// Helpers report on standard output, wrappers of them on standard error.
std::string words_of(const ChildResult &result)
{
    const auto out = trim(result.out), err = trim(result.err);
    return std::string{(out.empty() ? err : out).substr(0, words_limit)};
}

std::string text_of(const nlohmann::json &document, const char *name)
{
    const auto found = document.find(name);
    return found != document.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

} // namespace

std::optional<Credential> ask_helper(const std::string &name, const std::string &server,
                                     std::chrono::milliseconds timeout)
{
    check_name(name);
    const auto program = "docker-credential-" + name;
    const auto result = run_child({program, "get"}, server, timeout, output_limit);
    if (result.status != 0) {
        const auto words = words_of(result);
        if (words.find("credentials not found") != std::string::npos)
            return std::nullopt;
        throw Error{ErrorKind::denied,
                    fmt::format("{} gave no login for {}: {}", program, server,
                                words.empty() ? fmt::format("exit status {}", result.status) : words)};
    }
    const auto document = nlohmann::json::parse(result.out, nullptr, false);
    if (!document.is_object())
        throw Error{ErrorKind::denied,
                    fmt::format("{} answered with something other than a JSON object", program)};
    const auto user = text_of(document, "Username"), secret = text_of(document, "Secret");
    if (secret.empty())
        return std::nullopt;
    if (user == "<token>")
        return Credential{IdentityToken{secret}, program};
    return Credential{Basic{user, secret}, program};
}

} // namespace mica::auth
