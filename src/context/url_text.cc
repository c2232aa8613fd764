#include "context/url_text.hh"

#include <charconv>

namespace mica::context {

UrlParts split_url(std::string_view url)
{
    UrlParts parts;
    const auto fragment = url.find('#');
    if (fragment != std::string_view::npos)
        parts.fragment = url.substr(fragment + 1);
    auto rest = url.substr(0, fragment);
    const auto query = rest.find('?');
    if (query != std::string_view::npos)
        parts.query = rest.substr(query + 1);
    rest = rest.substr(0, query);
    parts.without_query = rest;
    const auto scheme = rest.find("://");
    if (scheme == std::string_view::npos)
        return parts;
    parts.scheme = rest.substr(0, scheme);
    rest.remove_prefix(scheme + 3);
    const auto slash = rest.find('/');
    parts.authority = rest.substr(0, slash);
    if (slash != std::string_view::npos)
        parts.path = rest.substr(slash);
    return parts;
}

std::string percent_decoded(std::string_view text, bool plus_is_space)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const char *const digits = text.data() + i + 1;
        if (text[i] == '%' && i + 2 < text.size() &&
            std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
            out += static_cast<char>(value);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::string without_login(std::string_view url)
{
    const auto parts = split_url(url);
    const auto at = parts.authority.rfind('@');
    if (at == std::string_view::npos)
        return std::string{url};
    std::string text{url};
    text.erase(parts.scheme.size() + 3, at + 1);
    return text;
}

} // namespace mica::context
