#include "exec/run_mounts/run_mounts.hh"

#include "base/error.hh"
#include "exec/run_mounts/cache_mount.hh"
#include "exec/run_mounts/secrets.hh"
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace mica::exec {

namespace {

std::string_view type_name(plan::MountType type)
{
    switch (type) {
    case plan::MountType::cache:
        return "cache";
    case plan::MountType::tmpfs:
        return "tmpfs";
    case plan::MountType::secret:
        return "secret";
    case plan::MountType::ssh:
        return "ssh";
    case plan::MountType::bind:
        break;
    }
    return "bind";
}

std::string number(const std::optional<std::uint32_t> &value, const char *format)
{
    return value ? fmt::format(fmt::runtime(format), *value) : "";
}

sandbox::Mount script_mount(const plan::InlineFile &script)
{
    return {"/dev/pipes/" + script.name,
            sandbox::SecretFile{std::make_shared<StringContent>(script.content), 0755, 0, 0}};
}

} // namespace

std::string mount_options(const plan::MountSpec &spec)
{
    return cache::frame_list({std::string{type_name(spec.type)}, spec.target, spec.id,
                              spec.read_only ? "ro" : "rw", std::to_string(static_cast<int>(spec.sharing)),
                              std::to_string(spec.size), number(spec.mode, "{:o}"), number(spec.uid, "{}"),
                              number(spec.gid, "{}"), spec.required ? "required" : "", spec.env});
}

RunMounts::RunMounts(const plan::RunStep &step, const StepSite &site, const StepContext &context,
                     const std::stop_token &stop)
    : step_{step}, context_{context}, task_{site.task}
{
    for (const auto &spec : step.mounts) {
        auto &planned = planned_.emplace_back(Planned{spec, {}});
        if (spec.type == plan::MountType::bind)
            in_context([&] { return fmt::format("mount {}", spec.target); },
                       [&] { planned.bind.emplace(spec, context, task_, stop); });
    }
}

std::vector<cache::KeyPart> RunMounts::key_parts(Naming naming) const
{
    std::vector<cache::KeyPart> parts;
    for (const auto &planned : planned_) {
        std::string shown;
        if (planned.bind)
            shown = planned.bind->content_key(naming);
        else if (planned.spec.type == plan::MountType::cache)
            shown = cache_identity(planned.spec, context_) + planned.spec.source;
        const auto &spec = planned.spec;
        const auto name = spec.target.empty() ? fmt::format("of {} as {}", spec.id, spec.env) : spec.target;
        parts.push_back({"mount " + name, cache::frame_list({mount_options(spec), shown})});
    }
    return parts;
}

bool RunMounts::show_layer_files() const
{
    return std::any_of(planned_.begin(), planned_.end(), [](const Planned &planned) {
        return planned.bind && planned.bind->shows_layer_files();
    });
}

OpenedMounts RunMounts::open() const
{
    OpenedMounts opened;
    for (const auto &script : step_.scripts)
        opened.mounts.push_back(script_mount(script));
    for (const auto &planned : planned_)
        open_one(planned, opened);
    // A mount hides what is mounted below its target before it.
    std::stable_sort(opened.mounts.begin(), opened.mounts.end(),
                     [](const auto &a, const auto &b) { return layer::path_less(a.target, b.target); });
    return opened;
}

void RunMounts::open_one(const Planned &planned, OpenedMounts &into) const
{
    const auto &spec = planned.spec;
    switch (spec.type) {
    case plan::MountType::bind:
        into.mounts.push_back(planned.bind.value().mount(context_, task_));
        return;
    case plan::MountType::cache:
        into.mounts.push_back(cache_mount(spec, context_, task_));
        return;
    case plan::MountType::tmpfs:
        into.mounts.push_back({spec.target, sandbox::Tmpfs{spec.size, spec.read_only}});
        return;
    case plan::MountType::ssh:
        open_agent(spec, into);
        return;
    case plan::MountType::secret:
        auto secret = open_secret(spec, context_.request);
        if (secret.file)
            into.mounts.push_back(std::move(*secret.file));
        if (secret.variable)
            into.variables.insert_or_assign(spec.env, std::move(*secret.variable));
        return;
    }
}

void RunMounts::open_agent(const plan::MountSpec &spec, OpenedMounts &into) const
{
    const auto &agents = context_.request.ssh_agents;
    const auto agent = agents.find(spec.id);
    if (agent == agents.end()) {
        if (!spec.required)
            return;
        throw Error{ErrorKind::not_found, fmt::format("ssh agent {}: not found", spec.id)}.with_hint(
            fmt::format("pass one on with --ssh {}", spec.id));
    }
    const auto &forwarder = into.forwarders.emplace_back(
        std::make_unique<AgentForwarder>(agent->second, context_.services.scratch));
    into.mounts.push_back({spec.target, sandbox::HostSocket{forwarder->socket(), spec.mode.value_or(0600),
                                                            spec.uid.value_or(0), spec.gid.value_or(0)}});
    if (into.agent_socket.empty())
        into.agent_socket = spec.target;
}

} // namespace mica::exec
