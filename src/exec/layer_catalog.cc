#include "exec/layer_catalog.hh"

#include "base/stop.hh"
#include "cache/build_cache.hh"
#include "exec/blob_readers.hh"
#include "io/fd.hh"
#include "layer/layer_index.hh"
#include "oci/open_layer.hh"
#include <fmt/format.h>

namespace mica::exec {

LayerCatalog::Lock LayerCatalog::lock_of(const Digest &digest)
{
    const std::scoped_lock guard{mutex_};
    auto &lock = locks_[digest];
    if (!lock)
        lock = std::make_shared<std::mutex>();
    return lock;
}

std::unique_ptr<Source> LayerCatalog::open_tar(const oci::PlacedLayer &layer, const std::stop_token &stop)
{
    auto origin = layer.blobs;
    if (services_.warmed)
        origin = std::make_shared<LocalFirst>(services_.warmed, std::move(origin));
    return oci::open_layer({layer.layer, std::make_shared<LocalFirst>(services_.store, std::move(origin))},
                           stop);
}

void LayerCatalog::ensure_local(const oci::PlacedLayer &layer, TaskId parent, const std::stop_token &stop)
{
    const auto &blob = layer.layer.blob;
    const auto lock = lock_of(blob.digest);
    const std::scoped_lock guard{*lock};
    if (services_.store->contains(blob.digest) ||
        (services_.warmed && services_.warmed->contains(blob.digest)))
        return;
    Task task{services_.bus, parent, TaskKind::pull, "pull " + blob.digest.str()};
    const auto from = layer.blobs->open(blob, stop);
    const auto to = services_.store->create();
    std::vector<std::byte> buffer(256 * 1024);
    std::uint64_t done = 0;
    while (const std::size_t count = from->read(buffer)) {
        throw_if_stopped(stop);
        to->write(std::span{buffer}.first(count));
        done += count;
        task.progress(done, blob.size);
    }
    to->finish();
    static_cast<void>(to->commit());
}

sandbox::LayerSource LayerCatalog::for_sandbox(const oci::PlacedLayer &layer, TaskId parent)
{
    return {layer.layer.diff_id,
            [this, layer, parent](const std::stop_token &stop) {
                ensure_local(layer, parent, stop);
                return open_tar(layer, stop);
            },
            [this, layer](const std::stop_token &stop) { return open_tar(layer, stop); },
            [this, diff_id = layer.layer.diff_id](const std::string &index) {
                keep_index(diff_id, std::make_shared<const std::string>(index));
            }};
}

ContentPtr LayerCatalog::small_file(const Digest &diff_id, const std::string &path)
{
    const std::scoped_lock guard{mutex_};
    const auto found = small_files_.find({diff_id, path});
    return found != small_files_.end() ? found->second : nullptr;
}

void LayerCatalog::remember(const Digest &diff_id, const std::string &path, std::string bytes)
{
    auto content = std::make_shared<StringContent>(std::move(bytes));
    const std::scoped_lock guard{mutex_};
    small_files_.insert_or_assign({diff_id, path}, std::move(content));
}

void LayerCatalog::read(const oci::PlacedLayer &layer, const layer::LayerVisitor &visitor,
                        const std::stop_token &stop)
{
    in_context([&] { return fmt::format("read layer {}", layer.layer.blob.digest.str()); },
               [&] { layer::read_layer(open_tar(layer, stop), visitor, stop); });
}

IndexPtr LayerCatalog::checked(std::string bytes, const Digest &diff_id) const
{
    try {
        layer::check_index(bytes, diff_id);
        return std::make_shared<const std::string>(std::move(bytes));
    } catch (const Error &error) { // it is a cache: what cannot be read is made anew
        services_.bus.publish(
            event::Note{event::Note::Level::debug, "index of a layer: " + error.message(), {}});
        return nullptr;
    }
}

IndexPtr LayerCatalog::read_kept(const std::filesystem::path &directory, const Digest &diff_id) const
{
    if (directory.empty())
        return nullptr;
    try {
        return checked(read_file(directory / diff_id.hex()), diff_id);
    } catch (const Error &) { // not there yet
        return nullptr;
    }
}

IndexPtr LayerCatalog::load_index(const Digest &diff_id, const std::stop_token &stop)
{
    {
        const std::scoped_lock guard{mutex_};
        if (auto known = known_[diff_id].lock())
            return known;
    }
    for (const auto &directory : {services_.trees, services_.warmed_trees})
        if (auto known = read_kept(directory, diff_id))
            return known;
    if (services_.cache == nullptr)
        return nullptr;
    auto bytes = services_.cache->tree(diff_id, stop);
    auto known = bytes.empty() ? nullptr : checked(std::move(bytes), diff_id);
    if (known)
        keep_index(diff_id, known);
    return known;
}

void LayerCatalog::keep_index(const Digest &diff_id, const IndexPtr &index)
{
    {
        const std::scoped_lock guard{mutex_};
        known_[diff_id] = index;
        if (services_.trees.empty()) {
            unkept_.push_back(index);
            return;
        }
    }
    std::filesystem::create_directories(services_.trees);
    write_file_atomically(services_.trees / diff_id.hex(), *index);
}

void LayerCatalog::learn(const Digest &diff_id, const std::vector<layer::Change> &changes)
{
    constexpr std::uint64_t largest = 1 << 20;
    layer::IndexWriter writer{diff_id};
    for (const auto &change : changes) {
        if (change.content && layer::is_kept_in_index(change.entry))
            writer.add(change, read_all(*change.content->open(), largest));
        else
            writer.add(change);
    }
    const auto lock = lock_of(diff_id);
    const std::scoped_lock guard{*lock};
    keep_index(diff_id, std::make_shared<const std::string>(writer.finish()));
}

IndexPtr LayerCatalog::index(const oci::PlacedLayer &layer, TaskId parent, const std::stop_token &stop)
{
    const auto &diff_id = layer.layer.diff_id;
    const auto lock = lock_of(diff_id);
    const std::scoped_lock guard{*lock};
    if (auto known = load_index(diff_id, stop)) {
        const std::scoped_lock table{mutex_};
        known_[diff_id] = known;
        return known;
    }
    Task task{services_.bus, parent, TaskKind::pull, "read the names in " + layer.layer.blob.digest.str()};
    layer::IndexWriter writer{diff_id};
    const auto ignore = [](const layer::Change &, Source *) {};
    in_context([&] { return fmt::format("read layer {}", layer.layer.blob.digest.str()); },
               [&] { layer::read_layer(open_tar(layer, stop), &writer, ignore, stop); });
    auto made = std::make_shared<const std::string>(writer.finish());
    keep_index(diff_id, made);
    return made;
}

void LayerCatalog::visit(const Digest &diff_id, const IndexPtr &index, const layer::ChangeVisitor &visitor)
{
    layer::read_index(*index, diff_id, [&](const layer::Change &change) {
        if (layer::is_kept_in_index(change.entry)) { // an archive may name a file twice: the last one counts
            const std::scoped_lock guard{mutex_};
            small_files_.insert_or_assign({diff_id, change.entry.path}, change.content);
        }
        visitor(change);
    });
}

std::vector<layer::Change> LayerCatalog::changes(const oci::PlacedLayer &layer, TaskId parent,
                                                 const std::stop_token &stop)
{
    std::vector<layer::Change> out;
    visit(layer.layer.diff_id, index(layer, parent, stop),
          [&](const layer::Change &change) { out.push_back({change.kind, change.entry, nullptr}); });
    return out;
}

} // namespace mica::exec
