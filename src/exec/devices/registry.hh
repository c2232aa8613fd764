#pragma once
/// @file
/// The devices that a machine registers with the Container Device Interface.
#include "exec/devices/cdi_spec.hh"
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mica::exec {

struct RegisteredDevice {
    std::string name;              ///< vendor.com/class=device
    cdi::Annotations annotations;  ///< the device's own win over the file's
    std::vector<cdi::Edits> edits; ///< the file's, then the device's own
};

/// What was there when it was made; later changes are not seen.
class DeviceRegistry {
public:
    /// Reads *.json, *.yaml and *.yml of these directories (those that exist); a device of a later directory
    /// replaces one of an earlier. A file that cannot be used is told of by complaints(), and its devices are
    /// unknown.
    explicit DeviceRegistry(const std::vector<std::filesystem::path> &directories);

    /// What RUN --device=NAME asks for: vendor.com/class=device is that one, or all of that class annotation
    /// (org.mobyproject.buildkit.device.class); vendor.com/class the first of the kind; vendor.com/class=*
    /// all of it. Empty if there is none. The pointers live as long as this. Throws Error (dockerfile) for
    /// what is no such name.
    [[nodiscard]] std::vector<const RegisteredDevice *> find(std::string_view name) const;

    [[nodiscard]] const std::vector<std::string> &complaints() const { return complaints_; }

private:
    void read_directory(const std::filesystem::path &directory);
    void add(const cdi::Spec &spec, const std::filesystem::path &file);

    /// Two files of one directory that claim the same name: nobody can have it.
    std::map<std::string, std::filesystem::path> claims_;
    std::map<std::string, RegisteredDevice> devices_;
    std::vector<std::string> complaints_;
};

/// Where the interface and BuildKit look; of the three, the last wins.
[[nodiscard]] std::vector<std::filesystem::path> cdi_directories();

/// A machine's owner lets everybody have it (org.mobyproject.buildkit.device.autoallow).
[[nodiscard]] bool is_free_for_all(const RegisteredDevice &device);

} // namespace mica::exec
