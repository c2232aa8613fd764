#include "exec/device_check.hh"

#include "base/error.hh"
#include "dockerfile/device_flag.hh"
#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace mica::exec {

namespace {

namespace fs = std::filesystem;

bool describes_devices(const fs::path &directory)
{
    std::error_code code;
    const fs::directory_iterator files{directory, code};
    return !code && std::any_of(begin(files), end(files), [](const fs::directory_entry &file) {
        const auto ending = file.path().extension();
        return ending == ".json" || ending == ".yaml" || ending == ".yml";
    });
}

} // namespace

std::vector<fs::path> cdi_directories()
{
    return {"/etc/cdi", "/var/run/cdi"};
}

void check_devices(const plan::RunStep &step, const std::vector<fs::path> &directories, EventBus &bus)
{
    if (step.devices.empty())
        return;
    if (std::any_of(directories.begin(), directories.end(), describes_devices))
        throw Error{ErrorKind::unsupported,
                    "RUN --device: devices of this machine cannot be handed over yet"};
    for (const auto &flag : step.devices) {
        const auto device = dockerfile::parse_device(flag);
        if (device.required)
            throw Error{ErrorKind::not_found,
                        fmt::format("the device {} is not registered on this machine", device.name)}
                .with_hint("devices are described by files in /etc/cdi or /var/run/cdi");
        bus.publish(
            event::Note{event::Note::Level::warning,
                        fmt::format("the optional device {} is not registered on this machine", device.name),
                        {}});
    }
}

} // namespace mica::exec
