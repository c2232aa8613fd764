#include "registry/server_notes.hh"

#include "base/text.hh"
#include <charconv>
#include <fmt/format.h>

namespace mica::registry {

namespace {

constexpr unsigned few_pulls = 10;
constexpr std::size_t most_words = 300;
constexpr std::size_t most_notes = 100;

/// `299 - "words"`: the words; empty for other codes.
std::string warning_text(std::string_view value)
{
    value = trim(value);
    if (!value.starts_with("299 "))
        return {};
    const auto open = value.find('"'), close = value.rfind('"');
    if (open == std::string_view::npos || close <= open)
        return {};
    std::string out;
    for (const char c : value.substr(open + 1, std::min(close - open - 1, most_words)))
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    return out;
}

} // namespace

std::optional<unsigned> rate_limit_left(std::string_view value)
{
    value = trim(value);
    unsigned count = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
    const bool ends_well = end == value.data() + value.size() || *end == ';';
    return error == std::errc{} && ends_well ? std::optional{count} : std::nullopt;
}

void ServerNotes::look_at(const std::string &host, const net::Headers &headers)
{
    if (bus_ == nullptr)
        return;
    for (const auto value : headers.all("Warning"))
        if (const auto text = warning_text(value); !text.empty())
            tell_once(event::Note::Level::warning, text, fmt::format("{} warns: {}", host, text));
    const auto left = rate_limit_left(headers.find("RateLimit-Remaining").value_or(""));
    if (left && *left <= few_pulls)
        tell_once(event::Note::Level::warning, "limit " + host,
                  fmt::format("{} allows {} more pulls for now (of {}): log in for more, or use a mirror",
                              host, *left, trim(headers.find("RateLimit-Limit").value_or("?"))));
}

void ServerNotes::login(const std::string &registry, const std::string &source)
{
    tell_once(event::Note::Level::info, "login " + registry + " " + source,
              fmt::format("{}: logged in with {}", registry, source));
}

void ServerNotes::tell_once(event::Note::Level level, const std::string &key, const std::string &text)
{
    if (bus_ == nullptr)
        return;
    const bool is_new =
        told_.with([&](auto &told) { return told.size() < most_notes && told.insert(key).second; });
    if (is_new)
        bus_->publish(event::Note{level, text, {}});
}

} // namespace mica::registry
