#include "cli/tools/place.hh"

#include "base/error.hh"
#include <fmt/format.h>

namespace mica::cli {

namespace {

constexpr std::string_view layout_scheme = "oci-layout://", archive_scheme = "docker-archive://";

LayoutPlace parse_layout(std::string_view text)
{
    LayoutPlace place;
    if (const auto at = text.find("@sha256:"); at != std::string_view::npos) {
        place.digest = Digest::parse(text.substr(at + 1));
        text = text.substr(0, at);
    }
    // A colon in a directory's name is no tag's.
    const auto colon = text.rfind(':');
    if (colon != std::string_view::npos && text.find('/', colon) == std::string_view::npos) {
        place.name = text.substr(colon + 1);
        text = text.substr(0, colon);
    }
    place.path = text;
    return place;
}

} // namespace

Place parse_place(std::string_view text)
{
    const auto path_of = [&](std::string_view scheme) {
        const auto path = text.substr(scheme.size());
        if (path.empty())
            throw Error{ErrorKind::usage, fmt::format("\"{}\" names no file", text)};
        return path;
    };
    if (text.starts_with(layout_scheme))
        return parse_layout(path_of(layout_scheme));
    if (text.starts_with(archive_scheme))
        return ArchivePlace{path_of(archive_scheme)};
    if (text.find("://") != std::string_view::npos && !text.starts_with("docker://"))
        throw Error{ErrorKind::usage, fmt::format("\"{}\" is no place of an image", text)}.with_hint(
            "a place is REGISTRY/NAME[:TAG], oci-layout://PATH[:TAG] or docker-archive://PATH");
    return oci::Reference::parse(text.starts_with("docker://") ? text.substr(9) : text);
}

std::string display(const Place &place)
{
    if (const auto *reference = std::get_if<oci::Reference>(&place))
        return reference->familiar();
    if (const auto *archive = std::get_if<ArchivePlace>(&place))
        return fmt::format("{}{}", archive_scheme, archive->path.string());
    const auto &layout = std::get<LayoutPlace>(place);
    return fmt::format("{}{}{}{}", layout_scheme, layout.path.string(), layout.name.empty() ? "" : ":",
                       layout.name);
}

} // namespace mica::cli
