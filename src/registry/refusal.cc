#include "registry/refusal.hh"

#include "base/text.hh"
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::registry {

namespace {

constexpr std::size_t most_words = 600;
constexpr std::size_t most_errors = 8;

/// One line, no control characters, of bounded length.
std::string tidy(std::string_view text)
{
    std::string out;
    for (const char c : trim(text)) {
        const bool blank = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        if (!blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
        if (out.size() >= most_words)
            return out + "…";
    }
    return out;
}

std::string text_of(const nlohmann::json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? tidy(found->get_ref<const std::string &>())
                                                       : std::string{};
}

std::string words_of(int status, const std::vector<ApiError> &errors, std::string_view body)
{
    std::string words;
    for (const auto &[code, message] : errors) {
        words += words.empty() ? "" : "; ";
        words += message.empty() ? code : code.empty() ? message : fmt::format("{} ({})", message, code);
    }
    if (words.empty() && !trim(body).starts_with('<')) // a proxy's page helps nobody
        words = tidy(body);
    return words.empty() ? fmt::format("HTTP status {}", status) : fmt::format("{} [HTTP {}]", words, status);
}

bool has(const std::vector<ApiError> &errors, std::string_view code)
{
    return std::ranges::any_of(errors, [&](const ApiError &error) { return error.code == code; });
}

ErrorKind kind_of(int status, const std::vector<ApiError> &errors)
{
    if (status == 404)
        return ErrorKind::not_found;
    if (status == 401 || status == 403 || has(errors, "DENIED") || has(errors, "UNAUTHORIZED"))
        return ErrorKind::denied;
    if (status == 405 || status == 413 || has(errors, "UNSUPPORTED"))
        return ErrorKind::unsupported;
    if (has(errors, "DIGEST_INVALID") || has(errors, "MANIFEST_INVALID") || has(errors, "SIZE_INVALID"))
        return ErrorKind::integrity;
    return ErrorKind::network;
}

std::optional<std::string> hint_of(int status, const std::vector<ApiError> &errors, const std::string &host)
{
    if (status == 404 && has(errors, "NAME_UNKNOWN"))
        return "create the repository first, or check its name";
    if (status == 401)
        return fmt::format(
            "log in, for example with \"docker login {}\", or give a config.json by DOCKER_CONFIG", host);
    if (status == 403 || has(errors, "DENIED"))
        return std::string{"the login is known but lacks the permission; ask the owner of the repository"};
    if (status == 429)
        return std::string{"the registry limits requests: wait, log in for a higher limit, or use a mirror"};
    if (status == 413)
        return std::string{"a proxy in front of the registry limits the size of requests"};
    return std::nullopt;
}

} // namespace

std::vector<ApiError> parse_api_errors(std::string_view body)
{
    std::vector<ApiError> errors;
    const auto document = nlohmann::json::parse(body, nullptr, false);
    if (!document.is_object())
        return errors;
    const auto list = document.find("errors");
    if (list != document.end() && list->is_array())
        for (const auto &entry : *list)
            if (entry.is_object() && errors.size() < most_errors)
                errors.push_back({text_of(entry, "code"), text_of(entry, "message")});
    // Token servers and clouds have forms of their own.
    for (const char *name : {"details", "error_description", "message", "error"})
        if (auto message = text_of(document, name); errors.empty() && !message.empty())
            errors.push_back({"", std::move(message)});
    return errors;
}

bool Refused::has_code(std::string_view code) const
{
    return has(errors_, code);
}

Refused refusal_of(int status, const net::Headers &headers, std::string_view body, const std::string &host,
                   std::string_view action, const std::string &better_hint)
{
    auto errors = parse_api_errors(body);
    net::Outcome outcome{.status = status};
    if (const auto wait = headers.find("Retry-After"))
        outcome.retry_after = net::parse_retry_after(*wait, SystemClock{}.now());
    const auto kind = kind_of(status, errors);
    auto message = fmt::format("{} refused {}: {}", host, action, words_of(status, errors, body));
    const auto hint = better_hint.empty() ? hint_of(status, errors, host) : std::optional{better_hint};
    Refused refused{kind, std::move(message), outcome, std::move(errors), std::string{body}};
    if (hint)
        refused.set_hint(*hint);
    return refused;
}

} // namespace mica::registry
