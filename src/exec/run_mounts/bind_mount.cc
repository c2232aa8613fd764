#include "exec/run_mounts/bind_mount.hh"

#include "base/error.hh"
#include "context/path_text.hh"
#include "exec/run_mounts/shown_files.hh"
#include "exec/run_mounts/tar_stream.hh"
#include "exec/step_key.hh"
#include "io/hash.hh"
#include <cstddef>
#include <fmt/format.h>
#include <functional>
#include <utility>
#include <variant>

// What a bind adds to the key
//
// A command may read everything that it is shown, and nothing beside it. So the key has the
// content of what is shown: a change elsewhere in the stage or context changes nothing. Files
// that a stage has from an image are never read for that (they may lie in a registry, and a build
// that finds all its steps in the cache should not fetch a layer): the layer's digest and their
// path in it stand for their bytes. An image as a whole is named by its layers.

namespace mica::exec {

namespace {

constexpr const char *packed_name = "shown"; ///< in the tar of a context's files

/// How many of an input's layers, from the lowest, are an image's.
std::size_t image_layers(const plan::Input &input, const StepContext &context)
{
    if (const auto *stage = std::get_if<plan::StageInput>(&input))
        return image_layers(context.plan.stages.at(stage->stage).base, context);
    return std::holds_alternative<plan::ImageInput>(input) ? context.root_of(input).layers().size() : 0;
}

/// `naming`: of a change, by its number.
std::string describe_all(ContentNames &names, const std::function<Naming(std::size_t)> &naming)
{
    const auto &changes = names.changes();
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        texts.push_back(changes[i].entry.path);
        texts.push_back(describe_change(changes[i], names.name(i, naming(i))));
    }
    return "files " + sha256(cache::frame_list(texts)).hex();
}

std::string describe_all(ContentNames &names, Naming naming)
{
    names.read(naming);
    return describe_all(names, [&](std::size_t) { return naming; });
}

} // namespace

BindMount::BindMount(const plan::MountSpec &spec, const StepContext &context, TaskId task,
                     const std::stop_token &stop)
    : spec_{spec}
{
    if (std::holds_alternative<plan::ContextInput>(spec.from))
        take_from_context(context, task, stop);
    else if (std::holds_alternative<plan::StageInput>(spec.from) && spec.source != "/")
        describe_stage(context, task, stop);
    else
        content_key_ = fmt::format("layers {}{}", diff_ids(context.root_of(spec.from)), spec.source);
}

void BindMount::take_from_context(const StepContext &context, TaskId task, const std::stop_token &stop)
{
    input_ = view_input(spec_.from, context, task, stop);
    const auto path = find_source(*input_.view, spec_.source);
    auto files = shown_files(*input_.view, path, packed_name, stop);
    ContentNames names{files, context, stop};
    content_key_ = describe_all(names, Naming::exact);
    files_ = std::make_shared<const std::vector<layer::Change>>(std::move(files));
}

void BindMount::describe_stage(const StepContext &context, TaskId task, const std::stop_token &stop)
{
    const auto input = view_input(spec_.from, context, task, stop);
    const auto path = find_source(*input.view, spec_.source);
    const auto files =
        std::make_shared<const std::vector<layer::Change>>(shown_files(*input.view, path, "", stop));
    ContentNames names{*files, context, stop};
    content_key_ = describe_all(names, Naming::by_origin);
    describe_exactly_ = [&spec = spec_, &context, task, stop, input, path, files] {
        const auto tree = context.root_of(spec.from).tree(context.catalog, task, stop);
        const auto from_image = image_layers(spec.from, context);
        ContentNames exact{*files, context, stop};
        return describe_all(exact, [&](std::size_t number) {
            const auto inode = tree.find(context::join_path(path, (*files)[number].entry.path));
            const bool is_the_stages = !inode || inode->layer >= from_image;
            return is_the_stages ? Naming::exact : Naming::by_origin;
        });
    };
}

std::string BindMount::content_key(Naming naming) const
{
    return naming == Naming::exact && describe_exactly_ ? describe_exactly_() : content_key_;
}

sandbox::Mount BindMount::mount(const StepContext &context, TaskId task) const
{
    if (files_)
        return unpacked();
    sandbox::LayerView view;
    const auto root = context.root_of(spec_.from);
    for (const auto &layer : root.layers())
        view.layers.push_back(context.catalog.for_sandbox(layer, task));
    view.subpath = context::rooted_path(spec_.source);
    view.read_only = spec_.read_only;
    return {spec_.target, std::move(view)};
}

sandbox::Mount BindMount::unpacked() const
{
    auto open_tar = [files = files_, input = input_](const std::stop_token &stop) {
        return tar_stream(*files, stop);
    };
    return {spec_.target,
            sandbox::UnpackedFiles{sha256(content_key_), std::move(open_tar), packed_name, spec_.read_only}};
}

} // namespace mica::exec
