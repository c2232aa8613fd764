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

/// Each kind of mount as the helper gets it; target and common checks are the caller's.
class MountWriter {
public:
    explicit MountWriter(const MountSupply &supply) : supply_{supply} {}

    MountRequest operator()(const HostDirectory &host) const
    {
        MountRequest request;
        request.kind = MountRequest::Kind::host;
        request.source = std::filesystem::absolute(host.source);
        request.read_only = host.read_only;
        request.no_suid = host.no_suid;
        request.no_dev = host.no_dev;
        request.no_exec = host.no_exec;
        request.recursive = host.recursive;
        return request;
    }
    MountRequest operator()(const LayerView &view) const
    {
        return shown(MountRequest::Kind::view, supply_.layers(view), view);
    }
    MountRequest operator()(const UnpackedFiles &files) const
    {
        return shown(MountRequest::Kind::files, {supply_.files(files)}, files);
    }
    MountRequest operator()(const CacheDirectory &cache) const
    {
        return shown(MountRequest::Kind::cache, {supply_.cache(cache)}, cache);
    }
    MountRequest operator()(const Tmpfs &tmpfs) const
    {
        MountRequest request;
        request.kind = MountRequest::Kind::tmpfs;
        request.size = tmpfs.size;
        request.read_only = tmpfs.read_only;
        return request;
    }
    MountRequest operator()(const SecretFile &secret) const
    {
        auto request = owned(MountRequest::Kind::secret, secret);
        if (const auto bytes = secret.bytes ? secret.bytes->open() : nullptr)
            request.source = read_all(*bytes, largest_secret);
        return request;
    }
    MountRequest operator()(const HostSocket &socket) const
    {
        auto request = owned(MountRequest::Kind::socket, socket);
        request.source = std::filesystem::absolute(socket.source);
        return request;
    }

private:
    template <class What>
    static MountRequest shown(MountRequest::Kind kind, std::vector<std::string> names, const What &what)
    {
        MountRequest request;
        request.kind = kind;
        request.source = what.subpath;
        request.layers = std::move(names);
        request.read_only = what.read_only;
        return request;
    }
    template <class What> static MountRequest owned(MountRequest::Kind kind, const What &what)
    {
        MountRequest request;
        request.kind = kind;
        request.mode = what.mode;
        request.uid = what.uid;
        request.gid = what.gid;
        return request;
    }

    const MountSupply &supply_;
};

MountRequest mount_request(const Mount &mount, const MountSupply &supply)
{
    if (!mount.target.starts_with('/') || mount.target.find('\0') != std::string::npos)
        throw Error{ErrorKind::usage,
                    fmt::format("the target of a mount must be an absolute path: '{}'", mount.target)};
    auto request = in_context([&] { return fmt::format("mount {}", mount.target); },
                              [&] { return std::visit(MountWriter{supply}, mount.what); });
    request.target = mount.target;
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

RunRequest run_request(const Command &command, const MountSupply &supply)
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
        request.mounts.push_back(mount_request(mount, supply));
    request.no_network = command.network == Network::none;
    request.insecure = command.insecure;
    request.hostname = command.hostname;
    request.hosts = hosts_text(command);
    request.resolv_conf = host_resolv_conf();
    return request;
}

} // namespace mica::sandbox
