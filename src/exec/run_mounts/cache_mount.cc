#include "exec/run_mounts/cache_mount.hh"

#include "base/error.hh"
#include "cache/build_cache.hh"
#include "cache/key.hh"
#include "context/path_text.hh"
#include "exec/run_mounts/input_view.hh"
#include "exec/run_mounts/shown_files.hh"
#include "exec/run_mounts/tar_stream.hh"
#include "exec/step_key.hh"
#include "oci/open_layer.hh"
#include <fmt/format.h>
#include <utility>
#include <variant>
#include <vector>

namespace mica::exec {

namespace {

bool has_first_content(const plan::MountSpec &spec)
{
    return spec.has_from && !std::holds_alternative<plan::Scratch>(spec.from);
}

sandbox::CacheDirectory::Sharing sharing_of(plan::CacheSharing sharing)
{
    using Sharing = sandbox::CacheDirectory::Sharing;
    switch (sharing) {
    case plan::CacheSharing::locked:
        return Sharing::alone;
    case plan::CacheSharing::private_:
        return Sharing::own;
    case plan::CacheSharing::shared:
        break;
    }
    return Sharing::shared;
}

layer::Change empty_directory()
{
    layer::Change directory;
    directory.entry.type = tar::FileType::directory;
    directory.entry.mode = 0755;
    return directory;
}

/// A tar that keeps alive what its contents are read from.
class KeptStream final : public Source {
public:
    KeptStream(InputView input, std::unique_ptr<Source> tar) : input_{std::move(input)}, tar_{std::move(tar)}
    {
    }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override { return tar_->read(into); }

private:
    InputView input_;
    std::unique_ptr<Source> tar_;
};

/// What a shared cache has; null: nothing, or it cannot be had.
std::unique_ptr<Source> shared_tar(const plan::MountSpec &spec, const StepContext &context, TaskId task,
                                   const std::stop_token &stop)
{
    if (context.services.cache == nullptr)
        return nullptr;
    const auto found = context.services.cache->mount(cache_identity(spec, context), stop);
    if (!found)
        return nullptr;
    try {
        context.catalog.ensure_local(*found, task, stop);
        return oci::open_layer({found->layer, context.services.store}, stop);
    } catch (const Error &error) {
        context.services.bus.publish(
            event::Note{event::Note::Level::warning,
                        fmt::format("the cache mount {} cannot be restored: {}", spec.id, error.message()),
                        {}});
        return nullptr;
    }
}

std::unique_ptr<Source> initial_tar(const plan::MountSpec &spec, const StepContext &context, TaskId task,
                                    const std::stop_token &stop)
{
    if (auto shared = shared_tar(spec, context, task, stop))
        return shared;
    InputView input;
    std::vector<layer::Change> changes;
    if (has_first_content(spec)) {
        input = view_input(spec.from, context, task, stop);
        changes = shown_files(*input.view, find_source(*input.view, spec.source), "", stop);
    } else {
        changes.push_back(empty_directory());
    }
    auto &top = changes.at(0).entry;
    if (top.type != tar::FileType::directory)
        throw Error{ErrorKind::dockerfile, fmt::format("\"{}\" is not a directory", spec.source)};
    top.mode = spec.mode.value_or(top.mode);
    top.uid = spec.uid.value_or(top.uid);
    top.gid = spec.gid.value_or(top.gid);
    return std::make_unique<KeptStream>(std::move(input), tar_stream(std::move(changes), stop));
}

} // namespace

std::string cache_identity(const plan::MountSpec &spec, const StepContext &context)
{
    if (!has_first_content(spec))
        return spec.id;
    const auto *directory = std::get_if<plan::ContextInput>(&spec.from);
    const auto from =
        directory != nullptr ? "context " + directory->name : diff_ids(context.root_of(spec.from));
    return cache::frame_list({spec.id, from, spec.source});
}

sandbox::Mount cache_mount(const plan::MountSpec &spec, const StepContext &context, TaskId task)
{
    sandbox::CacheDirectory cache;
    cache.id = cache_identity(spec, context);
    cache.sharing = sharing_of(spec.sharing);
    // The first content is what source= is in from=; in a cache without, it is a place in it.
    if (!has_first_content(spec))
        cache.subpath = context::rooted_path(spec.source);
    cache.read_only = spec.read_only;
    if (context.services.cache != nullptr)
        context.services.cache->use_mount(cache.id, {spec.id, spec.uid.value_or(0), spec.gid.value_or(0)});
    cache.open_initial = [&spec, &context, task](const std::stop_token &stop) {
        return initial_tar(spec, context, task, stop);
    };
    return {spec.target, std::move(cache)};
}

} // namespace mica::exec
