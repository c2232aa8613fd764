#include "output/output.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/csv.hh"
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <span>

namespace mica::output {

namespace {

/// What the keys said, before it is known whether they go together.
struct Draft {
    std::string type;
    std::optional<std::filesystem::path> destination;
    std::optional<bool> as_tar, push;
    OutputSpec spec;
};

[[noreturn]] void refuse(const std::string &why, std::string hint = {})
{
    Error error{ErrorKind::usage, "--output: " + why};
    if (!hint.empty())
        error.set_hint(std::move(hint));
    throw error;
}

bool parse_flag(std::string_view key, std::string_view value)
{
    try {
        return dockerfile::boolean_field(key, value);
    } catch (const Error &) {
        refuse(fmt::format("{}={} is neither true nor false", key, value));
    }
}

Compression parse_compression(std::string_view value)
{
    if (value == "gzip")
        return Compression::gzip;
    if (value == "zstd")
        return Compression::zstd;
    if (value == "uncompressed" || value == "none")
        return Compression::none;
    refuse(fmt::format("compression={} is not supported", value), "use gzip, zstd or uncompressed");
}

int parse_level(std::string_view value)
{
    int level = 0;
    const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), level);
    if (code != std::errc{} || end != value.data() + value.size())
        refuse(fmt::format("compression-level={} is not a number", value));
    return level;
}

void parse_names(OutputSpec &spec, std::string_view value)
{
    for (const auto name : split(value, ','))
        if (!trim(name).empty())
            spec.names.push_back(oci::Reference::parse(trim(name)));
}

using Setter = void (*)(Draft &, std::string_view key, std::string_view value);

struct Key {
    std::string_view name;
    Setter set;
};

constexpr std::array known_keys{
    Key{"type", [](Draft &d, std::string_view, std::string_view v) { d.type = v; }},
    Key{"dest", [](Draft &d, std::string_view, std::string_view v) { d.destination = std::string{v}; }},
    Key{"tar", [](Draft &d, std::string_view k, std::string_view v) { d.as_tar = parse_flag(k, v); }},
    Key{"name", [](Draft &d, std::string_view, std::string_view v) { parse_names(d.spec, v); }},
    Key{"push", [](Draft &d, std::string_view k, std::string_view v) { d.push = parse_flag(k, v); }},
    Key{"oci-mediatypes",
        [](Draft &d, std::string_view k, std::string_view v) { d.spec.oci_media_types = parse_flag(k, v); }},
    Key{"compression",
        [](Draft &d, std::string_view, std::string_view v) { d.spec.compression = parse_compression(v); }},
    Key{"compression-level",
        [](Draft &d, std::string_view, std::string_view v) { d.spec.compression_level = parse_level(v); }},
};

struct Refusal {
    std::string_view name, why;
    std::string_view harmless = "false"; ///< the one value that asks for what mica does
};

/// Keys of BuildKit that mica knows of and does not do.
constexpr std::array refused_keys{
    Refusal{"force-compression", "layers of the base image are never packed again"},
    Refusal{"push-by-digest", "an image is pushed under a tag"},
    Refusal{"name-canonical", "an image is named as it was asked for"},
    Refusal{"dangling-name-prefix", "there is no image store that would need it"},
    Refusal{"registry.insecure", "use --insecure-registry HOST, which is for that registry alone"},
    Refusal{"unpack", "there is no image store that could unpack it"},
    Refusal{"store", "there is no image store"},
    Refusal{"oci-artifact", "attestations are not made"},
    Refusal{"rewrite-timestamp", "times in layers follow SOURCE_DATE_EPOCH without it"},
    Refusal{"platform-split", "several platforms are always split, one never", ""},
    Refusal{"mode", "what is in the directory and not in the image stays", "copy"},
    Refusal{"attest", "attestations are not made"},
    Refusal{"buildinfo", "build information is not put into images"},
};

[[noreturn]] void refuse_unknown(std::string_view what, std::string_view word,
                                 std::vector<std::string> candidates)
{
    const auto near = nearest(word, candidates);
    refuse(fmt::format("the {} \"{}\" is not known", what, word),
           near ? fmt::format("did you mean \"{}\"?", *near) : "there is " + join(candidates, ", "));
}

/// annotation[-manifest|-index].KEY=VALUE.
bool set_annotation(Draft &draft, std::string_view key, std::string_view value)
{
    if (!key.starts_with("annotation"))
        return false;
    const auto dot = key.find('.');
    const auto where = key.substr(0, dot);
    if (dot == std::string_view::npos || dot + 1 == key.size())
        refuse(fmt::format("\"{}\" names no annotation", key), "write annotation.KEY=VALUE");
    const std::string name{key.substr(dot + 1)};
    if (where == "annotation" || where == "annotation-manifest")
        draft.spec.annotations[name] = value;
    else if (where == "annotation-index")
        draft.spec.index_annotations[name] = value;
    else
        refuse(fmt::format("annotations of the kind \"{}\" are not supported", where),
               "there is annotation.KEY, annotation-manifest.KEY and annotation-index.KEY");
    return true;
}

void set_key(Draft &draft, std::string_view raw_key, std::string_view value)
{
    const auto raw = trim(raw_key);
    if (set_annotation(draft, raw, value)) // before lower-casing: annotations have cases
        return;
    const auto key = to_lower(raw);
    std::vector<std::string> names;
    for (const auto &known : known_keys) {
        if (known.name == key)
            return known.set(draft, key, value);
        names.emplace_back(known.name);
    }
    for (const auto &refused : refused_keys)
        if (refused.name == key) {
            if (!value.empty() && value == refused.harmless)
                return;
            refuse(fmt::format("{}={} is not supported: {}", key, value, refused.why));
        }
    refuse_unknown("key", key, std::move(names));
}

OutputType parse_type(const Draft &draft)
{
    static constexpr std::array types{std::pair{std::string_view{"registry"}, OutputType::registry},
                                      std::pair{std::string_view{"oci"}, OutputType::oci},
                                      std::pair{std::string_view{"docker"}, OutputType::docker},
                                      std::pair{std::string_view{"tar"}, OutputType::tar},
                                      std::pair{std::string_view{"local"}, OutputType::local}};
    if (draft.type.empty())
        refuse("the type is missing", "write type=registry, oci, docker, tar or local");
    if (draft.type == "image") {
        if (!draft.push.value_or(false))
            refuse("there is no image store that type=image could write to",
                   "push it (type=registry, or type=image,push=true) or write a file (type=oci,dest=FILE)");
        return OutputType::registry;
    }
    std::vector<std::string> names;
    for (const auto &[name, type] : types) {
        if (name == draft.type)
            return type;
        names.emplace_back(name);
    }
    refuse_unknown("type", draft.type, std::move(names));
}

void check_image_keys(const OutputSpec &spec, std::string_view type)
{
    if (spec.type != OutputType::tar && spec.type != OutputType::local)
        return;
    if (!spec.names.empty() || spec.compression || spec.compression_level || !spec.annotations.empty() ||
        !spec.index_annotations.empty())
        refuse(fmt::format("type={} writes files, which have no names, annotations or compression", type));
}

OutputSpec settle(Draft draft)
{
    auto spec = std::move(draft.spec);
    spec.type = parse_type(draft);
    const bool is_registry = spec.type == OutputType::registry;
    if (draft.push && *draft.push != is_registry)
        refuse(is_registry ? "type=registry is pushed, but push=false"
                           : fmt::format("type={} cannot be pushed", draft.type));
    if (is_registry == draft.destination.has_value())
        refuse(is_registry ? "what is pushed has no dest" : fmt::format("type={} needs a dest", draft.type),
               is_registry ? "name the image with name=" : "write dest=PATH, or dest=- for standard output");
    spec.destination = draft.destination.value_or("");
    if (!is_registry && spec.destination.empty())
        refuse("dest is empty");
    spec.as_tar = draft.as_tar.value_or(spec.type != OutputType::local && !is_registry);
    if (draft.as_tar && spec.type != OutputType::oci && *draft.as_tar != (spec.type != OutputType::local))
        refuse(fmt::format("tar={} does not go with type={}", *draft.as_tar, draft.type));
    if (spec.destination == "-" && !spec.as_tar)
        refuse("a directory cannot be written to standard output");
    check_image_keys(spec, draft.type);
    return spec;
}

} // namespace

OutputSpec parse_output(std::string_view text)
{
    if (text.empty())
        refuse("it is empty");
    Draft draft;
    std::vector<std::string> fields;
    try {
        fields = dockerfile::csv_fields(text);
    } catch (const Error &error) {
        refuse(error.message(), error.hint().value_or(""));
    }
    if (fields.size() == 1 && fields[0].find('=') == std::string::npos) {
        draft.type = fields[0] == "-" ? "tar" : "local";
        draft.destination = fields[0];
        return settle(std::move(draft));
    }
    std::vector<std::string> seen;
    for (const auto &field : fields) {
        const auto equals = field.find('=');
        if (equals == std::string::npos)
            refuse(fmt::format("\"{}\" is not of the form key=value", field));
        const auto key = field.substr(0, equals);
        if (key != "name" && std::ranges::find(seen, key) != seen.end())
            refuse(fmt::format("{} is given twice", key));
        seen.push_back(key);
        set_key(draft, key, std::string_view{field}.substr(equals + 1));
    }
    return settle(std::move(draft));
}

} // namespace mica::output
