#include "sandbox/run_request.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::sandbox {
namespace {

/// Docker's bound for secrets; this one leaves room.
constexpr std::uint64_t largest_secret = std::uint64_t{16} << 20;

void refuse_zero_bytes(const std::vector<std::string> &texts, const char *what)
{
    for (const auto &text : texts)
        if (text.find('\0') != std::string::npos)
            throw Error{ErrorKind::usage, fmt::format("{} contains a zero byte", what)};
}

/// What a command sees of the host's name servers.
std::string host_resolv_conf()
{
    try {
        return read_file("/etc/resolv.conf", std::uint64_t{1} << 20);
    } catch (const Error &) {
        return {};
    }
}

MountRequest mount_request(const Mount &mount, const HoldLayers &hold)
{
    if (!mount.target.starts_with('/') || mount.target.find('\0') != std::string::npos)
        throw Error{ErrorKind::usage,
                    fmt::format("the target of a mount must be an absolute path: '{}'", mount.target)};
    MountRequest request;
    request.target = mount.target;
    if (const auto *host = std::get_if<HostDirectory>(&mount.what)) {
        request.kind = MountRequest::Kind::host;
        request.source = std::filesystem::absolute(host->source);
        request.read_only = host->read_only;
    } else if (const auto *view = std::get_if<LayerView>(&mount.what)) {
        request.kind = MountRequest::Kind::view;
        request.source = view->subpath;
        request.layers = hold(view->layers);
        request.read_only = view->read_only;
    } else if (const auto *tmpfs = std::get_if<Tmpfs>(&mount.what)) {
        request.kind = MountRequest::Kind::tmpfs;
        request.size = tmpfs->size;
    } else if (const auto *secret = std::get_if<SecretFile>(&mount.what)) {
        request.kind = MountRequest::Kind::secret;
        request.mode = secret->mode;
        request.uid = secret->uid;
        request.gid = secret->gid;
        const auto bytes = secret->bytes ? secret->bytes->open() : nullptr;
        if (bytes)
            request.source = read_all(*bytes, largest_secret);
    }
    return request;
}

} // namespace

std::string hosts_text(const Command &command)
{
    std::string text = fmt::format("127.0.0.1\tlocalhost {0}\n::1\tlocalhost ip6-localhost ip6-loopback\n",
                                   command.hostname);
    for (const auto &[name, address] : command.extra_hosts)
        text += fmt::format("{}\t{}\n", address, name);
    return text;
}

RunRequest run_request(const Command &command, const HoldLayers &hold)
{
    if (command.argv.empty() || command.argv.front().empty())
        throw Error{ErrorKind::usage, "there is no command to run"};
    refuse_zero_bytes(command.argv, "the command");
    refuse_zero_bytes(command.environment, "the environment");
    refuse_zero_bytes({command.working_directory, command.hostname},
                      "the working directory or the host name");
    RunRequest request;
    request.argv = command.argv;
    request.environment = command.environment;
    request.working_directory = command.working_directory;
    request.uid = command.uid;
    request.gid = command.gid;
    request.groups = command.groups;
    for (const auto &mount : command.mounts)
        request.mounts.push_back(mount_request(mount, hold));
    request.no_network = command.network == Network::none;
    request.insecure = command.insecure;
    request.hostname = command.hostname;
    request.hosts = hosts_text(command);
    request.resolv_conf = host_resolv_conf();
    return request;
}

} // namespace mica::sandbox
