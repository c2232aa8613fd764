#include "auth/aws/answers.hh"

#include "auth/base64.hh"
#include "auth/json_text.hh"
#include "base/error.hh"
#include "base/text.hh"
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::auth::aws {

namespace {

constexpr std::chrono::hours usual_lifetime{12};

/// Seconds since 1970 with a fraction, or a date; what is neither, or not of our times, tells nothing.
std::optional<Time> parse_end(const nlohmann::json &value)
{
    constexpr double latest = 9.0e9; // Time has nanoseconds, and ends in the year 2262
    if (value.is_number()) {
        const auto seconds = value.get<double>();
        if (seconds >= 0 && seconds < latest)
            return from_unix(static_cast<std::int64_t>(seconds));
        return std::nullopt;
    }
    try {
        return value.is_string() ? std::optional{parse_rfc3339(value.get<std::string>())} : std::nullopt;
    } catch (const Error &) {
        return std::nullopt;
    }
}

} // namespace

std::optional<EcrToken> parse_authorization(std::string_view json, Time now)
{
    const auto document = json_object(json);
    // One list, one object: the two services differ.
    auto data =
        document.is_object() ? document.value("authorizationData", nlohmann::json{}) : nlohmann::json{};
    if (data.is_array() && !data.empty())
        data = nlohmann::json(data.front());
    const auto plain = base64_decode(text_in(data, "authorizationToken"));
    const auto colon = plain ? plain->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return std::nullopt;
    EcrToken token{{plain->substr(0, colon), plain->substr(colon + 1)}, now, now + usual_lifetime};
    if (const auto end = data.find("expiresAt"); end != data.end())
        token.expires = parse_end(*end).value_or(token.expires);
    return token;
}

std::string parse_error_type(std::string_view json)
{
    const auto type = text_in(json_object(json), "__type");
    return type.substr(type.rfind('#') + 1);
}

std::optional<std::string> xml_text(std::string_view document, std::string_view element)
{
    const auto open = fmt::format("<{}>", element), close = fmt::format("</{}>", element);
    const auto start = document.find(open);
    const auto end = start == std::string_view::npos ? start : document.find(close, start);
    if (end == std::string_view::npos)
        return std::nullopt;
    auto rest = document.substr(start + open.size(), end - start - open.size());
    constexpr std::array<std::pair<std::string_view, char>, 5> entities{
        {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    std::string out;
    while (!rest.empty()) {
        std::size_t used = 1;
        char c = rest.front();
        for (const auto &[name, character] : entities)
            if (rest.starts_with(name)) {
                c = character;
                used = name.size();
            }
        out += c;
        rest.remove_prefix(used);
    }
    return std::string{trim(out)};
}

} // namespace mica::auth::aws
