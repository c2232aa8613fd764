#include "exec/devices/hand_over.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/device_flag.hh"
#include "exec/devices/host_files.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::exec {

namespace {

Error not_registered(const std::string &name, const DeviceRegistry &registry)
{
    auto error =
        Error{ErrorKind::not_found, fmt::format("the device {} is not registered on this machine", name)}
            .with_hint("devices are described by files in /etc/cdi, /var/run/cdi or /etc/buildkit/cdi");
    for (const auto &complaint : registry.complaints())
        error.add_context(fmt::format("not usable: {}", complaint));
    return error;
}

std::vector<const RegisteredDevice *> devices_for(const std::string &flag, const DeviceRegistry &registry,
                                                  EventBus &bus)
{
    const auto asked = dockerfile::parse_device(flag);
    auto found = registry.find(asked.name);
    if (!found.empty())
        return found;
    auto error = not_registered(asked.name, registry);
    if (asked.required)
        throw error;
    auto text = fmt::format("the optional device {} is not registered on this machine", asked.name);
    for (const auto &complaint : error.context())
        text += "; " + complaint;
    bus.publish(event::Note{event::Note::Level::warning, std::move(text), {}});
    return found;
}

bool same(const sandbox::Mount &a, const sandbox::Mount &b)
{
    const auto *x = std::get_if<sandbox::HostDirectory>(&a.what);
    const auto *y = std::get_if<sandbox::HostDirectory>(&b.what);
    return a.target == b.target && (x != nullptr) == (y != nullptr) &&
           (x == nullptr || x->source == y->source);
}

void add_mount(sandbox::Mount mount, std::vector<sandbox::Mount> &to)
{
    if (std::ranges::none_of(to, [&](const sandbox::Mount &other) { return same(mount, other); }))
        to.push_back(std::move(mount));
}

void add(const cdi::Edits &edits, HandedDevices &to)
{
    if (!edits.beyond.empty())
        throw Error{ErrorKind::unsupported, fmt::format("its description asks for {}, which mica cannot give",
                                                        join(edits.beyond, ", "))};
    for (const auto &variable : edits.environment) {
        const auto equals = variable.find('=');
        to.variables.emplace_back(variable.substr(0, equals), variable.substr(equals + 1));
    }
    for (const auto &node : edits.nodes)
        add_mount(device_file(node), to.mounts);
    for (const auto &mount : edits.mounts)
        add_mount(host_mount(mount), to.mounts);
    to.groups.insert(to.groups.end(), edits.groups.begin(), edits.groups.end());
}

} // namespace

HandedDevices hand_over(const plan::RunStep &step, const DeviceRegistry &registry, EventBus &bus)
{
    HandedDevices handed;
    std::vector<const RegisteredDevice *> done;
    for (const auto &flag : step.devices)
        for (const auto *device : devices_for(flag, registry, bus)) {
            if (std::ranges::find(done, device) != done.end())
                continue;
            done.push_back(device);
            in_context([&] { return fmt::format("hand over the device {}", device->name); },
                       [&] {
                           for (const auto &edits : device->edits)
                               add(edits, handed);
                       });
        }
    std::ranges::stable_sort(handed.mounts, {}, &sandbox::Mount::target);
    return handed;
}

} // namespace mica::exec
