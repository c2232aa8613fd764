#include "layer/layer_tar.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "layer/whiteout.hh"
#include "tar/path.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::layer {

namespace {

std::string beside(std::string_view directory, std::string_view name)
{
    return directory.empty() ? std::string{name} : fmt::format("{}/{}", directory, name);
}

void refuse_whiteout_names(const std::string &path)
{
    if (path.find(whiteout_prefix) == std::string::npos)
        return;
    for (const auto part : split(path, '/'))
        if (part.starts_with(whiteout_prefix))
            throw Error{
                ErrorKind::unsupported,
                fmt::format(
                    "'{}' cannot be in an image: names that begin with '.wh.' mean removals in a layer",
                    path)}
                .with_hint("rename the file, or remove it in the step that makes it");
}

} // namespace

void LayerTar::check(const tar::Entry &entry)
{
    if (!tar::is_clean_path(entry.path))
        throw Error{ErrorKind::internal, fmt::format("'{}' is not a path inside an image", entry.path)};
    refuse_whiteout_names(entry.path);
    if (path_less(entry.path, last_path_))
        throw Error{ErrorKind::internal,
                    fmt::format("changes out of order: '{}' after '{}'", entry.path, last_path_)};
    last_path_ = entry.path;
}

void LayerTar::add_mark(const std::string &path)
{
    tar::Entry mark;
    mark.path = path;
    mark.type = tar::FileType::regular;
    mark.mtime = clamp_.value_or(Time{});
    writer_.add(mark, nullptr);
}

Change LayerTar::add(Change change)
{
    tar::Entry &entry = change.entry;
    check(entry);
    if (clamp_)
        entry.mtime = fixed_ ? *clamp_ : std::min(entry.mtime, *clamp_);
    entry.mtime = tar::whole_seconds(entry.mtime);
    switch (change.kind) {
    case Change::Kind::remove:
        add_mark(beside(tar::parent_path(entry.path),
                        fmt::format("{}{}", whiteout_prefix, tar::base_name(entry.path))));
        break;
    case Change::Kind::opaque:
        add_mark(beside(entry.path, opaque_name));
        break;
    case Change::Kind::upsert:
        const auto bytes = change.content ? change.content->open() : nullptr;
        writer_.add(entry, bytes.get());
        break;
    }
    return change;
}

} // namespace mica::layer
