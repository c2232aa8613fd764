#include "exec/devices/host_files.hh"

#include "base/error.hh"
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace mica::exec {

namespace {

struct stat status_of(const std::string &path)
{
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0)
        throw Error{ErrorKind::not_found, fmt::format("{}: {}", path, std::strerror(errno))};
    return status;
}

bool has_type(const struct stat &status, const std::string &type)
{
    if (type == "b")
        return S_ISBLK(status.st_mode);
    if (type == "p")
        return S_ISFIFO(status.st_mode);
    if (type == "c" || type == "u")
        return S_ISCHR(status.st_mode);
    return S_ISBLK(status.st_mode) || S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode);
}

void check_value(const char *what, std::int64_t found, const std::optional<std::int64_t> &wanted,
                 const std::string &path)
{
    if (wanted && *wanted != found)
        throw Error{ErrorKind::unsupported,
                    fmt::format("its description wants {} with the {} {}; on this machine it has {}", path,
                                what, *wanted, found)}
            .with_hint("commands are shown the machine's own device files");
}

/// One option of a bind mount. Propagation other than "private" cannot be had; none is needed by a command
/// that ends before the machine's mounts change.
void apply_option(sandbox::HostDirectory &directory, const std::string &option)
{
    if (option == "ro" || option == "rw")
        directory.read_only = option == "ro";
    else if (option == "nosuid" || option == "suid")
        directory.no_suid = option == "nosuid";
    else if (option == "nodev" || option == "dev")
        directory.no_dev = option == "nodev";
    else if (option == "noexec" || option == "exec")
        directory.no_exec = option == "noexec";
    else if (option == "bind" || option == "rbind")
        directory.recursive = option == "rbind";
    else if (option != "private" && option != "rprivate")
        throw Error{ErrorKind::unsupported, fmt::format("the mount option \"{}\" is not supported", option)};
}

sandbox::Tmpfs tmpfs_of(const cdi::HostMount &mount)
{
    sandbox::Tmpfs tmpfs;
    for (const auto &option : mount.options) {
        if (option == "ro" || option == "rw")
            tmpfs.read_only = option == "ro";
        else if (option != "nosuid" && option != "nodev") // it is both anyway
            throw Error{ErrorKind::unsupported,
                        fmt::format("the option \"{}\" of a tmpfs is not supported", option)};
    }
    return tmpfs;
}

} // namespace

sandbox::Mount device_file(const cdi::DeviceNode &node)
{
    const auto status = status_of(node.host_path);
    if (!has_type(status, node.type))
        throw Error{ErrorKind::unsupported,
                    fmt::format("{} is not a device of the type that its description tells", node.host_path)};
    check_value("major number", ::major(status.st_rdev), node.major, node.host_path);
    check_value("minor number", ::minor(status.st_rdev), node.minor, node.host_path);
    check_value("owner", status.st_uid, node.uid, node.host_path);
    check_value("group", status.st_gid, node.gid, node.host_path);
    if (node.file_mode)
        check_value("mode", status.st_mode & 07777U, *node.file_mode & 07777, node.host_path);
    const auto &permissions = node.permissions;
    if (!permissions.empty() &&
        (permissions.find('r') == std::string::npos || permissions.find('w') == std::string::npos))
        throw Error{
            ErrorKind::unsupported,
            fmt::format("{} cannot be given with \"{}\" alone: a command can read and write what it is given",
                        node.host_path, permissions)};
    return {node.path, sandbox::HostDirectory{.source = node.host_path, .read_only = false}};
}

sandbox::Mount host_mount(const cdi::HostMount &mount)
{
    if (mount.type == "tmpfs")
        return {mount.container_path, tmpfs_of(mount)};
    if (!mount.type.empty() && mount.type != "bind" && mount.type != "none")
        throw Error{ErrorKind::unsupported,
                    fmt::format("mounts of type \"{}\" are not supported", mount.type)};
    (void)status_of(mount.host_path);
    sandbox::HostDirectory directory{.source = mount.host_path, .read_only = false};
    for (const auto &option : mount.options)
        apply_option(directory, option);
    return {mount.container_path, std::move(directory)};
}

} // namespace mica::exec
