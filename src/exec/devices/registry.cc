#include "exec/devices/registry.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <algorithm>
#include <fmt/format.h>
#include <system_error>

namespace mica::exec {

namespace {

namespace fs = std::filesystem;

constexpr const char *class_annotation = "org.mobyproject.buildkit.device.class";
constexpr const char *free_annotation = "org.mobyproject.buildkit.device.autoallow";

bool has_specs_name(const fs::path &file)
{
    const auto ending = file.extension();
    return ending == ".json" || ending == ".yaml" || ending == ".yml";
}

std::vector<fs::path> spec_files(const fs::path &directory)
{
    std::vector<fs::path> files;
    std::error_code code;
    for (fs::directory_iterator at{directory, code}, end; !code && at != end; at.increment(code))
        if (has_specs_name(at->path()))
            files.push_back(at->path());
    std::ranges::sort(files);
    return files;
}

/// The words that Go's strconv.ParseBool takes, since BuildKit asks it.
bool is_true(std::string_view text)
{
    return text == "1" || text == "t" || text == "T" || text == "true" || text == "TRUE" || text == "True";
}

} // namespace

std::vector<fs::path> cdi_directories()
{
    return {"/etc/cdi", "/var/run/cdi", "/etc/buildkit/cdi"};
}

bool is_free_for_all(const RegisteredDevice &device)
{
    const auto found = device.annotations.find(free_annotation);
    return found != device.annotations.end() && is_true(found->second);
}

DeviceRegistry::DeviceRegistry(const std::vector<fs::path> &directories)
{
    for (const auto &directory : directories)
        read_directory(directory);
}

void DeviceRegistry::read_directory(const fs::path &directory)
{
    claims_.clear();
    for (const auto &file : spec_files(directory)) {
        try {
            const auto form = file.extension() == ".json" ? cdi::Form::json : cdi::Form::yaml;
            add(cdi::parse_spec(read_file(file, cdi::largest_spec), form), file);
        } catch (const Error &error) {
            complaints_.push_back(fmt::format("{}: {}", file.native(), error.message()));
        }
    }
}

void DeviceRegistry::add(const cdi::Spec &spec, const fs::path &file)
{
    for (const auto &device : spec.devices) {
        auto name = spec.kind + "=" + device.name;
        if (const auto [claim, is_first] = claims_.emplace(name, file); !is_first) {
            devices_.erase(name);
            complaints_.push_back(
                fmt::format("{}: {} claims {} as well", file.native(), claim->second.native(), name));
            continue;
        }
        auto annotations = device.annotations;
        annotations.insert(spec.annotations.begin(), spec.annotations.end());
        devices_[name] = {name, std::move(annotations), {spec.edits, device.edits}};
    }
}

std::vector<const RegisteredDevice *> DeviceRegistry::find(std::string_view name) const
{
    const auto equals = name.find('=');
    const auto kind = name.substr(0, equals);
    if (!cdi::is_kind(kind))
        throw Error{ErrorKind::dockerfile, fmt::format("invalid device \"{}\"", name)}.with_hint(
            "a device is called vendor.com/class=device");
    const auto wanted = equals == std::string_view::npos ? std::string_view{} : name.substr(equals + 1);
    std::vector<const RegisteredDevice *> of_kind, of_class;
    const auto prefix = std::string{kind} + "=";
    for (auto at = devices_.lower_bound(prefix); at != devices_.end() && at->first.starts_with(prefix);
         ++at) {
        if (at->first == name)
            return {&at->second};
        of_kind.push_back(&at->second);
        const auto found = at->second.annotations.find(class_annotation);
        if (found != at->second.annotations.end() && found->second == wanted)
            of_class.push_back(&at->second);
    }
    if (wanted == "*")
        return of_kind;
    if (!wanted.empty())
        return of_class;
    return of_kind.empty() ? of_kind : std::vector{of_kind.front()};
}

} // namespace mica::exec
