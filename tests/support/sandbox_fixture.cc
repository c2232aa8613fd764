#include "support/sandbox_fixture.hh"

#include "layer/layer_reader.hh"
#include <fmt/format.h>

namespace mica::test {
namespace {

/// All changes of a tar, in the order of the tar.
layer::ChangeList changes_of(const sandbox::LayerSource &layer)
{
    std::vector<layer::Change> changes;
    layer::read_layer(layer.open_tar({}),
                      [&](const layer::Change &change, Source *) { changes.push_back(change); }, {});
    return layer::ChangeList{std::move(changes)};
}

std::string kind_name(tar::FileType type)
{
    switch (type) {
    case tar::FileType::regular:
        return "file";
    case tar::FileType::directory:
        return "dir";
    case tar::FileType::symlink:
        return "symlink";
    case tar::FileType::hardlink:
        return "link";
    case tar::FileType::fifo:
        return "fifo";
    case tar::FileType::char_device:
        return "char";
    case tar::FileType::block_device:
        return "block";
    }
    return "?";
}

} // namespace

Steps::Steps(sandbox::Backend &backend, std::vector<sandbox::LayerSource> layers)
{
    for (const auto &layer : layers)
        apply(layer);
    workspace_ = backend.open(layers, bus_, TaskId{}, {});
}

void Steps::apply(const sandbox::LayerSource &layer)
{
    auto changes = changes_of(layer);
    tree_.apply_layer(changes, layers_++, {});
}

sandbox::Command Steps::shell(const std::string &script)
{
    sandbox::Command command;
    command.argv = {"/bin/sh", "-c", script};
    command.environment = {"PATH=/bin:/usr/bin", "HOME=/root"};
    return command;
}

CommandResult Steps::sh(const std::string &script)
{
    return run(shell(script));
}

CommandResult Steps::run(const sandbox::Command &command, const std::stop_token &stop)
{
    CommandResult result;
    const auto collect = [&](bool is_stderr, BytesView bytes) {
        auto &text = is_stderr ? result.err : result.out;
        text.append(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    };
    result.status = workspace_->run(command, collect, stop);
    return result;
}

std::vector<layer::Change> Steps::changes()
{
    std::vector<layer::Change> changes;
    workspace_->seal(tree_)->visit([&](const layer::Change &change) { changes.push_back(change); }, {});
    layer::ChangeList list{changes};
    tree_.apply_layer(list, layers_++, {});
    return changes;
}

std::vector<std::string> Steps::seal()
{
    std::vector<std::string> lines;
    for (const auto &change : changes())
        lines.push_back(describe_change(change));
    return lines;
}

void Steps::add_layer(const sandbox::LayerSource &layer)
{
    workspace_->add_layer(layer, {});
    apply(layer);
}

std::string describe_change(const layer::Change &change)
{
    const auto &entry = change.entry;
    if (change.kind == layer::Change::Kind::remove)
        return "remove " + entry.path;
    if (change.kind == layer::Change::Kind::opaque)
        return "opaque " + entry.path;
    auto text = fmt::format("{} {} {:o} {}:{}", kind_name(entry.type), entry.path.empty() ? "." : entry.path,
                            entry.mode, entry.uid, entry.gid);
    if (entry.type == tar::FileType::regular)
        text += fmt::format(" {}", entry.size);
    if (entry.type == tar::FileType::hardlink)
        return "link " + entry.path + " -> " + entry.link_target;
    if (entry.type == tar::FileType::symlink)
        return "symlink " + entry.path + " -> " + entry.link_target;
    if (entry.type == tar::FileType::char_device || entry.type == tar::FileType::block_device)
        text += fmt::format(" {},{}", entry.device_major, entry.device_minor);
    for (const auto &[name, value] : entry.xattrs)
        text += fmt::format(" {}={}", name, value.size());
    return text;
}

std::string bytes_of(const layer::Change &change)
{
    return change.content ? read_all(*change.content->open()) : std::string{};
}

} // namespace mica::test
