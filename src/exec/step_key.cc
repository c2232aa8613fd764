#include "exec/step_key.hh"

#include "base/stop.hh"
#include "io/hash.hh"
#include "oci/platform.hh"
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
    return {{"operation", std::move(operation)},
            {"epoch", epoch},
            {"compression", fmt::format("{}:{}", static_cast<int>(compression.kind),
                                        compression.level ? std::to_string(*compression.level) : "default")}};
}

} // namespace

std::string diff_ids(const RootFs &root)
{
    std::string list;
    for (const auto &layer : root.layers())
        list += layer.layer.diff_id.hex() + ' ';
    return list;
}

std::string content_digest(const layer::Change &change, const std::stop_token &stop)
{
    if (!change.content)
        return "empty";
    Sha256 hash;
    const auto source = change.content->open();
    std::vector<std::byte> buffer(256 * 1024);
    while (const std::size_t count = source->read(buffer)) {
        throw_if_stopped(stop);
        hash.update(std::span{buffer}.first(count));
    }
    return hash.digest().hex();
}

std::string describe_change(const layer::Change &change, const ContentName &content_name)
{
    const auto &entry = change.entry;
    std::vector<std::string> fields{std::to_string(static_cast<int>(change.kind)), entry.path};
    if (change.kind == layer::Change::Kind::upsert) {
        fields.push_back(fmt::format("{} {:o} {} {} {}:{}", static_cast<int>(entry.type), entry.mode,
                                     entry.uid, entry.gid, entry.device_major, entry.device_minor));
        fields.push_back(entry.link_target);
        for (const auto &[name, value] : entry.xattrs) {
            fields.push_back(name);
            fields.push_back(value);
        }
        if (entry.type == tar::FileType::regular)
            fields.push_back(content_name(change));
    }
    return cache::frame_list(fields);
}

std::vector<cache::KeyPart> run_key(const plan::RunStep &step, const std::vector<cache::KeyPart> &mounts,
                                    const StepSite &site, const StepContext &context)
{
    auto parts = common_parts("run", context);
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
    for (const auto &script : step.scripts)
        parts.push_back({"script " + script.name, script.content});
    parts.insert(parts.end(), mounts.begin(), mounts.end());
    return parts;
}

std::vector<cache::KeyPart> changes_key(const std::vector<layer::Change> &changes, const StepContext &context,
                                        const std::stop_token &stop)
{
    auto parts = common_parts("changes", context);
    const auto by_content = [&](const layer::Change &change) { return content_digest(change, stop); };
    for (const auto &change : changes)
        parts.push_back({change.entry.path, describe_change(change, by_content)});
    return parts;
}

} // namespace mica::exec
