#include "cli/cache_options.hh"

#include "base/error.hh"
#include "cli/values.hh"
#include "dockerfile/csv.hh"
#include "dockerfile/sizes.hh"
#include <charconv>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <string>

namespace mica::cli {

namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

[[noreturn]] void refuse(std::string message)
{
    throw Error{ErrorKind::usage, std::move(message)};
}

/// A text without "=" is a reference.
Fields fields_of(std::string_view text)
{
    if (text.find('=') == std::string_view::npos)
        return {{"type", "registry"}, {"ref", std::string{text}}};
    Fields fields;
    for (const auto &field : dockerfile::csv_fields(text)) {
        auto [name, value] = parse_name_value(field);
        if (!value)
            refuse(fmt::format("\"{}\" is not of the form KEY=VALUE", field));
        fields.insert_or_assign(std::move(name), std::move(*value));
    }
    return fields;
}

std::optional<std::string> take(Fields &fields, std::string_view name)
{
    const auto found = fields.find(name);
    if (found == fields.end())
        return std::nullopt;
    auto value = std::move(found->second);
    fields.erase(found);
    return value;
}

std::string need(Fields &fields, std::string_view name, std::string_view type)
{
    auto value = take(fields, name);
    if (!value || value->empty())
        refuse(fmt::format("a cache of type {} needs {}=…", type, name));
    return std::move(*value);
}

void refuse_rest(const Fields &fields, std::string_view type)
{
    if (!fields.empty())
        refuse(fmt::format("a cache of type {} has no \"{}\"", type, fields.begin()->first));
}

/// The place, by the name that the directory has in this direction.
cache::CachePlace take_place(Fields &fields, const std::string &type, std::string_view directory)
{
    if (type == "registry") {
        auto reference = oci::Reference::parse(need(fields, "ref", type));
        if (reference.digest())
            refuse("a cache is named by a tag, not by a digest");
        return reference;
    }
    if (type == "local")
        return cache::LayoutPlace{need(fields, directory, type), take(fields, "tag").value_or("cache")};
    throw Error{ErrorKind::usage, fmt::format("there is no cache of type \"{}\"", type)}.with_hint(
        "there are registry, local and (to write) inline");
}

/// What other builders must be told to write what mica writes anyway.
void check_form(Fields &fields)
{
    for (const auto *name : {"image-manifest", "oci-mediatypes"})
        if (const auto value = take(fields, name); value && !parse_switch(*value))
            refuse(fmt::format("{}=false cannot be: a cache is an OCI image manifest, which every "
                               "registry takes",
                               name));
}

} // namespace

cache::SharedCacheOptions parse_cache_from(std::string_view text)
{
    auto fields = fields_of(text);
    const auto type = take(fields, "type").value_or("registry");
    cache::SharedCacheOptions options{take_place(fields, type, "src")};
    if (const auto age = take(fields, "ttl"))
        options.time_to_live = parse_age(*age);
    refuse_rest(fields, type);
    return options;
}

CacheExport parse_cache_to(std::string_view text)
{
    auto fields = fields_of(text);
    const auto type = take(fields, "type").value_or("registry");
    if (type == "inline") {
        refuse_rest(fields, type);
        return InlineExport{};
    }
    cache::ExportOptions options{take_place(fields, type, "dest")};
    const auto mode = take(fields, "mode").value_or("min");
    if (mode != "min" && mode != "max")
        refuse(fmt::format("mode is min (the layers of the image) or max (all layers), not \"{}\"", mode));
    options.all_steps = mode == "max";
    if (const auto age = take(fields, "keep"))
        options.keep_for = parse_age(*age);
    check_form(fields);
    refuse_rest(fields, type);
    return options;
}

std::chrono::seconds parse_age(std::string_view text)
{
    static constexpr std::pair<char, std::int64_t> units[] = {
        {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}};
    std::int64_t number = 0;
    const auto *const end = text.data() + text.size();
    const auto [after, failure] = std::from_chars(text.data(), end, number);
    std::int64_t unit = after == end ? 1 : 0;
    for (const auto &[letter, seconds] : units)
        if (end - after == 1 && *after == letter)
            unit = seconds;
    constexpr std::int64_t longest = std::int64_t{100} * 365 * 86400;
    if (failure != std::errc{} || unit == 0 || number < 0 || number > longest / unit)
        refuse(fmt::format("\"{}\" is no span of time, like 90m, 336h or 14d", text));
    return std::chrono::seconds{number * unit};
}

exec::MountExport parse_cache_mounts(std::string_view text)
{
    constexpr std::string_view first = "export=", limit = "max-size=";
    exec::MountExport mounts;
    bool in_list = false;
    for (const auto &field : dockerfile::csv_fields(text)) {
        if (field.starts_with(limit)) {
            const auto size = dockerfile::parse_size(std::string_view{field}.substr(limit.size()));
            if (!size)
                refuse(fmt::format("\"{}\" is no size, like 500m or 2g", field.substr(limit.size())));
            mounts.largest = *size;
        } else if (field == "all") {
            mounts.all = true;
        } else if (field.starts_with(first) || in_list) {
            mounts.ids.insert(field.substr(field.starts_with(first) ? first.size() : 0));
            in_list = true;
        } else {
            refuse(fmt::format("cache mounts are \"all\" or \"export=ID,...\", not \"{}\"", field));
        }
    }
    return mounts;
}

bool parse_cache_error(std::string_view text)
{
    if (text != "warn" && text != "fail")
        refuse(fmt::format("--cache-error is warn or fail, not \"{}\"", text));
    return text == "fail";
}

} // namespace mica::cli
