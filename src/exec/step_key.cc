#include "exec/step_key.hh"

#include "oci/platform.hh"
#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace mica::exec {

namespace {

/// What every layer's bytes depend on beside its changes.
std::vector<cache::KeyPart> common_parts(std::string operation, const StepContext &context)
{
    const auto &request = context.request;
    const auto epoch = context.epoch ? format_rfc3339(*context.epoch) : "none";
    const auto &compression = request.compression;
    std::vector<cache::KeyPart> parts{
        {"operation", std::move(operation)},
        {"epoch", epoch},
        {"compression", fmt::format("{}:{}", static_cast<int>(compression.kind),
                                    compression.level ? std::to_string(*compression.level) : "default")}};
    if (request.fixed_times)
        parts.push_back({"times", "fixed"});
    return parts;
}

/// With an epoch the digest must not depend on what is in a cache, so times count: those of a context are
/// all the same then.
std::string time_part(const layer::Change &change, const StepContext &context)
{
    return context.epoch ? format_rfc3339(std::min(change.entry.mtime, *context.epoch)) : std::string{};
}

std::vector<cache::KeyPart> run_parts(const plan::RunStep &step, std::vector<cache::KeyPart> mounts,
                                      const StepSite &site, const StepContext &context)
{
    auto parts = common_parts("run", context);
    if (context.request.reproducible)
        parts.push_back({"reproducible", "yes"});
    if (!context.request.fixups.empty())
        parts.push_back({"fixups", format_fixups(context.request.fixups)});
    if (!context.request.ignored.empty())
        parts.push_back({"ignored", context.request.ignored.text()});
    parts.push_back({"root", diff_ids(site.root)});
    parts.push_back({"platform", oci::format_platform(site.platform)});
    parts.push_back({"argv", cache::frame_list(step.argv)});
    parts.push_back({"environment", cache::frame_list(step.environment)});
    parts.push_back({"working directory", step.working_directory});
    parts.push_back({"user", step.user});
    parts.push_back({"network", step.network});
    parts.push_back({"security", step.security});
    std::vector<std::string> hosts;
    for (const auto &[name, address] : context.request.extra_hosts)
        hosts.push_back(name + "=" + address);
    parts.push_back({"hosts", cache::frame_list(hosts)});
    if (!step.devices.empty())
        parts.push_back({"devices", cache::frame_list(step.devices)});
    for (const auto &script : step.scripts)
        parts.push_back({"script " + script.name, script.content});
    for (auto &mount : mounts)
        parts.push_back(std::move(mount));
    return parts;
}

StepKeys::Parts changes_parts(ContentNames &contents, Naming naming, const StepContext &context)
{
    contents.read(naming);
    auto parts = common_parts("changes", context);
    const auto &changes = contents.changes();
    for (std::size_t i = 0; i < changes.size(); ++i)
        parts.push_back(
            {"file " + changes[i].entry.path,
             describe_change(changes[i], contents.name(i, naming)) + time_part(changes[i], context)});
    return parts;
}

StepKeys::Parts outline_parts(const std::vector<layer::Change> &changes, const StepContext &context)
{
    auto parts = common_parts("outline", context);
    for (const auto &change : changes)
        parts.push_back({"file " + change.entry.path,
                         describe_change(change, fmt::format("{} bytes", change.entry.size)) +
                             time_part(change, context)});
    return parts;
}

std::string_view type_name(tar::FileType type)
{
    switch (type) {
    case tar::FileType::directory:
        return "directory";
    case tar::FileType::symlink:
        return "symbolic link";
    case tar::FileType::hardlink:
        return "hard link";
    case tar::FileType::fifo:
        return "FIFO";
    case tar::FileType::char_device:
        return "character device";
    case tar::FileType::block_device:
        return "block device";
    case tar::FileType::regular:
        break;
    }
    return "regular";
}

} // namespace

std::string diff_ids(const RootFs &root)
{
    std::string list;
    for (const auto &layer : root.layers())
        list += layer.layer.diff_id.hex() + ' ';
    return list;
}

std::string describe_change(const layer::Change &change, const std::string &content)
{
    if (change.kind != layer::Change::Kind::upsert)
        return cache::frame_list({change.kind == layer::Change::Kind::remove ? "removal" : "opaque mark"});
    const auto &entry = change.entry;
    auto what = fmt::format("{} {:04o} {}:{}", type_name(entry.type), entry.mode, entry.uid, entry.gid);
    if (entry.type == tar::FileType::char_device || entry.type == tar::FileType::block_device)
        what += fmt::format(" {},{}", entry.device_major, entry.device_minor);
    std::vector<std::string> fields{std::move(what), entry.link_target,
                                    entry.type == tar::FileType::regular ? content : ""};
    for (const auto &[name, value] : entry.xattrs) {
        fields.push_back(name);
        fields.push_back(value);
    }
    return cache::frame_list(fields);
}

StepKeys run_keys(const plan::RunStep &step, const RunMounts &mounts, const StepSite &site,
                  const StepContext &context)
{
    StepKeys keys{
        .by_origin = [&] { return run_parts(step, mounts.key_parts(Naming::by_origin), site, context); }};
    if (mounts.show_layer_files())
        keys.exact = [&] { return run_parts(step, mounts.key_parts(Naming::exact), site, context); };
    return keys;
}

StepKeys changes_keys(ContentNames &contents, const StepContext &context)
{
    StepKeys keys{.by_origin = [&] { return changes_parts(contents, Naming::by_origin, context); }};
    if (contents.any_in_layers())
        keys.exact = [&] { return changes_parts(contents, Naming::exact, context); };
    const auto has_content = [](const layer::Change &change) { return change.content != nullptr; };
    if (std::ranges::any_of(contents.changes(), has_content)) {
        keys.outline = [&] { return outline_parts(contents.changes(), context); };
        keys.costs_nothing = [&](Naming naming) { return contents.are_known(naming); };
    }
    return keys;
}

} // namespace mica::exec
