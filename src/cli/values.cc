#include "cli/values.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/remote_source.hh"
#include "oci/reference.hh"
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <netinet/in.h>
#include <span>

namespace mica::cli {

namespace {

[[noreturn]] void refuse(std::string message)
{
    throw Error{ErrorKind::usage, std::move(message)};
}

template <class Value> struct Choice {
    std::string_view name;
    Value value;
};

/// The value of that name; else an error with the names there are.
template <class Value, std::size_t n>
Value choose(std::string_view text, const std::array<Choice<Value>, n> &choices)
{
    std::vector<std::string> names;
    for (const auto &choice : choices) {
        if (choice.name == text)
            return choice.value;
        names.emplace_back(choice.name);
    }
    Error error{ErrorKind::usage, fmt::format("\"{}\" is none of {}", text, join(names, ", "))};
    if (const auto near = nearest(text, names))
        error.set_hint(fmt::format("did you mean {}?", *near));
    throw error;
}

/// PATH[:TAG][@DIGEST] of an OCI layout. A colon belongs to the path if a slash follows.
exec::LayoutContext parse_layout(std::string_view text)
{
    const auto name_begin = text.rfind('/') == std::string_view::npos ? 0 : text.rfind('/') + 1;
    std::string digest;
    if (const auto at = text.find('@', name_begin); at != std::string_view::npos) {
        digest = Digest::parse(text.substr(at + 1)).str();
        text = text.substr(0, at);
    }
    std::string tag;
    if (const auto colon = text.find(':', name_begin); colon != std::string_view::npos) {
        tag = text.substr(colon + 1);
        text = text.substr(0, colon);
    }
    if (text.empty())
        refuse("oci-layout:// needs a path");
    // What has a digest needs no tag: the digest says it all.
    return {std::filesystem::path{text}, digest.empty() ? tag : digest};
}

exec::NamedContext parse_context_value(std::string_view text)
{
    constexpr std::string_view layout = "oci-layout://";
    constexpr std::string_view image = "docker-image://";
    if (text.starts_with(layout))
        return parse_layout(text.substr(layout.size()));
    if (text.starts_with(image))
        return exec::ImageContext{oci::Reference::parse(text.substr(image.size())).str()};
    if (auto remote = context::parse_remote_source(text))
        return exec::RemoteContext{std::move(*remote)};
    if (text.find("://") != std::string_view::npos)
        refuse(fmt::format("\"{}\": a named context is a directory, oci-layout://, docker-image://, a git "
                           "repository or an http(s):// address",
                           text));
    if (!std::filesystem::is_directory(text))
        refuse(fmt::format("\"{}\" is not a directory", text));
    return exec::DirectoryContext{std::filesystem::path{text}};
}

bool is_address(const std::string &text)
{
    in6_addr buffer{};
    return ::inet_pton(AF_INET, text.c_str(), &buffer) == 1 ||
           ::inet_pton(AF_INET6, text.c_str(), &buffer) == 1;
}

} // namespace

bool parse_switch(std::string_view text)
{
    constexpr std::array<Choice<bool>, 6> choices{
        {{"true", true}, {"false", false}, {"1", true}, {"0", false}, {"yes", true}, {"no", false}}};
    return choose(text, choices);
}

std::int64_t parse_number(std::string_view text, std::int64_t least, std::int64_t most)
{
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        refuse(fmt::format("\"{}\" is not a number from {} to {}", text, least, most));
    return value;
}

NameValue parse_name_value(std::string_view text)
{
    const auto equals = text.find('=');
    NameValue result{std::string{text.substr(0, equals)}, std::nullopt};
    if (result.name.empty())
        refuse(fmt::format("\"{}\" has no name before the \"=\"", text));
    if (equals != std::string_view::npos)
        result.value = text.substr(equals + 1);
    return result;
}

std::pair<std::string, exec::NamedContext> parse_build_context(std::string_view text)
{
    auto [name, value] = parse_name_value(text);
    if (!value || value->empty())
        refuse(fmt::format("\"{}\" does not say what \"{}\" is: NAME=DIR, NAME=oci-layout://PATH or "
                           "NAME=docker-image://REF",
                           text, name));
    return {std::move(name), parse_context_value(*value)};
}

std::pair<std::string, std::string> parse_extra_host(std::string_view text)
{
    auto separator = text.find('=');
    if (separator == std::string_view::npos)
        separator = text.find(':');
    if (separator == std::string_view::npos || separator == 0)
        refuse(fmt::format("\"{}\" is not of the form HOST:ADDRESS", text));
    auto address = text.substr(separator + 1);
    if (address.size() > 1 && address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    std::pair<std::string, std::string> host{text.substr(0, separator), address};
    if (!is_address(host.second))
        refuse(fmt::format("\"{}\" is not an IP address", address));
    return host;
}

std::pair<std::string, std::string> parse_annotation(std::string_view text)
{
    auto [name, value] = parse_name_value(text);
    if (!value)
        refuse(fmt::format("\"{}\" has no value: KEY=VALUE", text));
    // "manifest:KEY" says on what the annotation is to be. A key itself has no colon.
    if (const auto colon = name.find(':'); colon != std::string::npos) {
        if (const auto where = name.substr(0, colon); where != "manifest")
            refuse(fmt::format("annotations can be on the manifest only, not on \"{}\"", where));
        name.erase(0, colon + 1);
    }
    return {std::move(name), std::move(*value)};
}

Compression parse_compression(std::string_view text)
{
    constexpr std::array<Choice<Compression>, 4> choices{{{"gzip", Compression::gzip},
                                                          {"zstd", Compression::zstd},
                                                          {"none", Compression::none},
                                                          {"uncompressed", Compression::none}}};
    return choose(text, choices);
}

CompressionOptions checked_compression(Compression kind, std::optional<int> level)
{
    CompressionOptions options{kind, std::nullopt};
    if (!level)
        return options;
    constexpr int highest_gzip = 9;
    constexpr int highest_zstd = 22;
    if (kind == Compression::none)
        refuse("what is not compressed has no level");
    if (const auto highest = kind == Compression::gzip ? highest_gzip : highest_zstd;
        *level < 0 || *level > highest)
        refuse(fmt::format("the compression level {} is not one of 0 to {}", *level, highest));
    options.level = level;
    return options;
}

ui::Progress parse_progress(std::string_view text)
{
    using ui::Progress;
    constexpr std::array<Choice<Progress>, 5> choices{{{"auto", Progress::automatic},
                                                       {"plain", Progress::plain},
                                                       {"tty", Progress::tty},
                                                       {"json", Progress::json},
                                                       {"quiet", Progress::quiet}}};
    return choose(text, choices);
}

Time parse_source_date_epoch(std::string_view text)
{
    // The year 9999 ends here; RFC 3339 has no later one, and nanoseconds overflow in 2262.
    constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
    return from_unix(parse_number(text, 0, latest));
}

} // namespace mica::cli
