#include "verify/cause.hh"

#include "verify/path_rules.hh"
#include <algorithm>
#include <map>
#include <set>

namespace mica::verify {

namespace {

using Seen = std::set<std::string>;

std::optional<Cause> by_archive(std::string_view path, const Inside &inside)
{
    const auto &seen = inside.seen;
    if (!seen.contains("archive"))
        return std::nullopt;
    if (seen.contains("archive-content")) {
        if (!inside.left_text.empty())
            return text_cause(inside.left_text, inside.right_text);
        return Cause{"archive-content", "the members of the archive differ"};
    }
    if (seen.contains("archive-order"))
        return Cause{"archive-order",
                     "members in another order: of a directory as it was read; sort the names"};
    if (seen.contains("archive-times"))
        return path.ends_with(".a")
                   ? Cause{"ar-times", "times of members in a static library: use ar with D, or --fixup=ar"}
                   : Cause{"archive-times", "times of the archive's members: pack with a fixed time "
                                            "(--fixup=zip for jar and zip files)"};
    if (seen.contains("archive-owners"))
        return Cause{"archive-owners", "owners of the archive's members: pack with fixed ones"};
    return Cause{"archive-modes", "modes of the archive's members: the umask of the build"};
}

std::optional<Cause> by_program(const Inside &inside)
{
    const auto &seen = inside.seen;
    if (!seen.contains("elf"))
        return std::nullopt;
    if (!inside.left_text.empty())
        if (auto cause = text_cause(inside.left_text, inside.right_text);
            cause && (cause->code == "build-time" || cause->code == "build-path"))
            return cause;
    if (seen.contains("elf-comment"))
        return Cause{"tool-version", "compiled by another version of the compiler"};
    if (seen.contains("elf-code"))
        return Cause{"elf-code", "the program's code differs: another compiler, other options or sources, or "
                                 "another order of linking"};
    if (seen.contains("elf-data"))
        return Cause{"elf-data", "the program's data differ"};
    if (seen.contains("elf-debug"))
        return Cause{"elf-debug", "debug information alone differs, which names directories of the build: "
                                  "compile with -ffile-prefix-map, or strip"};
    return Cause{"elf-build-id", "the build ID alone differs: a hash or a random number of the linker"};
}

std::optional<Cause> by_content(std::string_view path, const Inside &inside)
{
    const auto &seen = inside.seen;
    if (seen.contains("pyc-time"))
        return Cause{"pyc-time",
                     "compiled Python that names the time of its source; --fixup=pyc makes it follow"};
    if (seen.contains("pyc"))
        return Cause{"pyc", "compiled Python: other code, or sets that were written in a random order "
                            "(set PYTHONHASHSEED)"};
    if (seen.contains("gzip-header"))
        return Cause{"gzip-time", "the time in the gzip header: use gzip -n, or --fixup=gzip"};
    if (seen.contains("gzip-way"))
        return Cause{"compression", "the same content, compressed in another way"};
    if (auto cause = by_archive(path, inside))
        return cause;
    if (auto cause = by_program(inside))
        return cause;
    if (!inside.left_text.empty() || !inside.right_text.empty())
        return text_cause(inside.left_text, inside.right_text);
    return std::nullopt;
}

unsigned octal(const std::optional<std::string> &text)
{
    unsigned value = 0;
    for (const char c : text.value_or(""))
        value = value * 8 + static_cast<unsigned>(c - '0');
    return value;
}

/// Bits that a umask takes away.
bool differs_by_umask(const Property &mode)
{
    constexpr unsigned maskable = 0077;
    return mode.left && mode.right && ((octal(mode.left) ^ octal(mode.right)) & ~maskable) == 0;
}

std::optional<Cause> by_metadata(const FileDifference &file)
{
    Seen names;
    for (const auto &property : file.properties)
        names.insert(property.name);
    const auto only = [&](const char *name) { return names.size() == 1 && names.contains(name); };
    if (only("time"))
        return Cause{"file-time", "the time of the file: build with SOURCE_DATE_EPOCH or --reproducible"};
    for (const auto &property : file.properties) {
        if (property.name == "mode")
            return differs_by_umask(property)
                       ? Cause{"umask", "permissions that a umask takes: of the checkout, or in the RUN"}
                       : Cause{"mode", "other permissions: a chmod on one side"};
        if (property.name == "owner")
            return Cause{"owner", "another owner: ids that were given out in another order, or COPY --chown"};
        if (property.name == "xattr security.capability")
            return Cause{"capability",
                         "file capabilities on one side only: one builder cannot keep or set them"};
        if (property.name.starts_with("xattr "))
            return Cause{"xattr", "extended attributes: of the file system that one side was built on"};
        if (property.name == "link")
            return Cause{"link", "the link leads elsewhere: an alternative, or a version"};
        if (property.name == "type")
            return file.properties.size() > 0 &&
                           (property.left == "hard link" || property.right == "hard link")
                       ? Cause{"hard-link", "a hard link on one side, a file of its own on the other"}
                       : Cause{"type", "another kind of file"};
        if (property.name == "device")
            return Cause{"device", "another device"};
    }
    return std::nullopt;
}

} // namespace

std::optional<Cause> file_cause(const FileDifference &file, const Inside *inside)
{
    const auto one_side =
        std::any_of(file.properties.begin(), file.properties.end(), [](const Property &property) {
            return property.name == "file" || property.name == "removal" || property.name == "opaque mark";
        });
    auto path_says = cause_by_path(file.path);
    if (one_side)
        return path_says ? path_says : Cause{"one-side", "a file that only one build made or removed"};
    if (inside != nullptr) {
        if (path_says)
            return path_says;
        if (auto cause = by_content(file.path, *inside))
            return cause;
        return Cause{"content", "other content: another source, or a tool that does not repeat itself"};
    }
    if (auto cause = by_metadata(file))
        return cause;
    return path_says;
}

std::optional<Cause> config_cause(const Property &property)
{
    const auto &name = property.name;
    if (name == "created" || name.ends_with(".created") || name == "org.opencontainers.image.created")
        return Cause{"build-time", "the time of the build: set SOURCE_DATE_EPOCH or --reproducible"};
    if (name == "architecture" || name == "os" || name == "variant" || name.starts_with("platform"))
        return Cause{"platform", "built for another platform"};
    if (name.find("org.opencontainers.image.revision") != std::string::npos)
        return Cause{"revision", "built from another commit"};
    if (name.find("label") != std::string::npos || name.find("Labels") != std::string::npos) {
        if (!property.left || !property.right)
            return Cause{"label", "a label of one side only"};
        if (auto cause = text_cause(*property.left, *property.right))
            return cause;
        return Cause{"label", "another label: LABEL, --label, or an ARG that went into it"};
    }
    if (name.find("Env") != std::string::npos)
        return Cause{"environment", "another environment: ENV, or an ARG that went into it"};
    if (name == "layer compression")
        return Cause{"compression", "the same layer, compressed in another way"};
    if (name == "media type")
        return Cause{"media-type", "one image has Docker's media types, the other OCI's"};
    return std::nullopt;
}

std::optional<Cause> layer_cause(const LayerDifference &layer)
{
    if (!layer.left || !layer.right)
        return Cause{"layer-one-side", "a layer that only one side has: other instructions, or another base"};
    if (layer.files.empty()) {
        for (const auto &property : layer.properties)
            if (property.name == "diff_id")
                return Cause{"tar-form",
                             "the same files, in a tar that another builder or another order made"};
        return Cause{"compression", "the same layer, compressed in another way"};
    }
    std::map<std::string, std::size_t> count;
    for (const auto &file : layer.files)
        if (file.cause)
            ++count[file.cause->code];
    if (count.size() == 1 && layer.files_left_out == 0 && count.begin()->second == layer.files.size())
        return layer.files.front().cause;
    return std::nullopt;
}

} // namespace mica::verify
