#include "layer/layer_reader.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "layer/whiteout.hh"
#include "tar/path.hh"
#include "tar/reader.hh"
#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace mica::layer {

namespace {

bool is_aufs_metadata(std::string_view path)
{
    const auto parts = split(path, '/');
    return std::any_of(parts.begin(), parts.end(), [](std::string_view part) {
        return part != opaque_name && part.starts_with(aufs_prefix);
    });
}

void refuse_below_whiteout(std::string_view path)
{
    for (const auto part : split(tar::parent_path(path), '/'))
        if (part.starts_with(whiteout_prefix))
            throw Error{
                ErrorKind::integrity,
                fmt::format("the layer has '{}', which lies below a whiteout; that has no meaning", path)};
}

std::string whiteout_target(std::string_view path, std::string_view name)
{
    const auto gone = name.substr(whiteout_prefix.size());
    if (gone.empty() || gone == "." || gone == "..")
        throw Error{ErrorKind::integrity,
                    fmt::format("the layer has the whiteout '{}', which names nothing", path)};
    std::string target{tar::parent_path(path)};
    if (!target.empty())
        target += '/';
    return target.append(gone);
}

/// Empty: nothing of the image.
std::optional<Change> to_change(const tar::Entry &entry)
{
    if (is_aufs_metadata(entry.path))
        return std::nullopt;
    refuse_below_whiteout(entry.path);
    const auto name = tar::base_name(entry.path);
    if (!name.starts_with(whiteout_prefix))
        return Change{Change::Kind::upsert, entry, nullptr};
    Change change{Change::Kind::opaque, {}, nullptr};
    if (name == opaque_name) {
        change.entry.path = tar::parent_path(entry.path);
    } else {
        change.kind = Change::Kind::remove;
        change.entry.path = whiteout_target(entry.path, name);
    }
    return change;
}

} // namespace

void read_layer(std::unique_ptr<Source> tar, const LayerVisitor &visitor, const std::stop_token &stop)
{
    const auto visit = [&](const tar::Entry &entry, Source *body) {
        if (const auto change = to_change(entry))
            visitor(*change, change->kind == Change::Kind::upsert ? body : nullptr);
    };
    tar::read_archive(std::move(tar), visit, stop);
}

void read_layer(std::unique_ptr<Source> tar, IndexWriter *index, const LayerVisitor &visitor,
                const std::stop_token &stop)
{
    if (index == nullptr)
        return read_layer(std::move(tar), visitor, stop);
    const auto visit = [&](const Change &change, Source *body) {
        if (change.kind != Change::Kind::upsert || !is_kept_in_index(change.entry)) {
            index->add(change);
            return visitor(change, body);
        }
        auto bytes = body != nullptr ? read_all(*body) : std::string{};
        index->add(change, bytes);
        StringSource again{std::move(bytes)};
        visitor(change, body != nullptr ? &again : nullptr);
    };
    read_layer(std::move(tar), visit, stop);
}

void TarChanges::visit(const ChangeVisitor &visitor, const std::stop_token &stop)
{
    if (!tar_)
        throw Error{ErrorKind::internal, "the changes of a tar can be read only once"};
    read_layer(std::move(tar_), [&](const Change &change, Source *) { visitor(change); }, stop);
}

} // namespace mica::layer
