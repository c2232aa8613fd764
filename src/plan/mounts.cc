#include "plan/mounts.hh"
#include "dockerfile/mount_flag.hh"
#include "plan/paths.hh"
#include <fmt/format.h>

namespace mica::plan {
namespace {

using dockerfile::Mount;
using dockerfile::MountKind;

std::string absolute(const StageScope &scope, const std::string &target)
{
    return target.starts_with('/') ? clean_path(target)
                                   : join_paths("/" + scope.config().working_dir, target);
}

CacheSharing sharing_of(const Mount &mount)
{
    switch (mount.sharing.value_or(dockerfile::MountSharing::shared)) {
    case dockerfile::MountSharing::private_:
        return CacheSharing::private_;
    case dockerfile::MountSharing::locked:
        return CacheSharing::locked;
    case dockerfile::MountSharing::shared:
        break;
    }
    return CacheSharing::shared;
}

/// Caches of builds that share a machine are told apart by this build argument.
std::string cache_id(const StageScope &scope, const Mount &mount)
{
    auto id = mount.id.empty() ? clean_path(mount.target) : mount.id;
    const auto &given = scope.build.options.build_args;
    if (const auto space = given.find("BUILDKIT_CACHE_MOUNT_NS");
        space != given.end() && !space->second.empty())
        id = space->second + "/" + id;
    return id;
}

/// bind, cache and tmpfs: something at a place in the root file system.
void fill_directory(const StageScope &scope, const Mount &mount, MountSpec &spec)
{
    spec.target = absolute(scope, mount.target);
    if (spec.target == "/")
        throw Error{ErrorKind::dockerfile, fmt::format("invalid mount target \"{}\"", spec.target)}.with_hint(
            "mount below the root: target=/some/directory");
    spec.source = join_paths("/", mount.source);
    if (mount.kind == MountKind::cache) {
        spec.id = cache_id(scope, mount);
        spec.sharing = sharing_of(mount);
    }
}

void fill_secret(const StageScope &scope, const Mount &mount, MountSpec &spec)
{
    spec.id = mount.source.empty() ? mount.id : mount.source;
    if (spec.id.empty() && mount.target.empty())
        throw Error{ErrorKind::dockerfile, "one of source, target required"};
    if (spec.id.empty())
        spec.id = base_name(mount.target);
    if (mount.env)
        spec.env = mount.env->empty() ? spec.id : *mount.env;
    if (!mount.target.empty())
        spec.target = absolute(scope, mount.target);
    else if (!mount.env)
        spec.target = "/run/secrets/" + base_name(spec.id);
    scope.stage.outline.secrets.try_emplace(spec.id, OutlineCapture::Need{mount.required, scope.where()});
}

void fill_ssh(const StageScope &scope, const Mount &mount, std::size_t number, MountSpec &spec)
{
    if (!mount.source.empty())
        throw Error{ErrorKind::dockerfile, "ssh does not support source"};
    spec.id = mount.id.empty() ? "default" : mount.id;
    spec.target = mount.target.empty() ? fmt::format("/run/buildkit/ssh_agent.{}", number)
                                       : absolute(scope, mount.target);
    scope.stage.outline.ssh.try_emplace(spec.id, OutlineCapture::Need{mount.required, scope.where()});
}

MountType type_of(MountKind kind)
{
    switch (kind) {
    case MountKind::cache:
        return MountType::cache;
    case MountKind::tmpfs:
        return MountType::tmpfs;
    case MountKind::secret:
        return MountType::secret;
    case MountKind::ssh:
        return MountType::ssh;
    case MountKind::bind:
        break;
    }
    return MountType::bind;
}

MountSpec common_fields(const Mount &mount)
{
    MountSpec spec;
    spec.type = type_of(mount.kind);
    spec.read_only = mount.read_only;
    spec.size = mount.size;
    spec.mode = mount.mode;
    spec.uid = mount.uid;
    spec.gid = mount.gid;
    spec.required = mount.required;
    return spec;
}

/// A bind without "from" shows the build context, a cache without one starts empty.
void fill_source(const StageScope &scope, const std::optional<Source> &source, MountSpec &spec)
{
    spec.has_from = source.has_value();
    if (source)
        spec.from = scope.input_of(*source);
    else if (spec.type != MountType::bind)
        spec.from = Scratch{};
}

} // namespace

std::vector<MountSpec> mounts_of(const StageScope &scope, const dockerfile::Run &run)
{
    std::vector<MountSpec> out;
    std::size_t sockets = 0;
    for (std::size_t i = 0; i < run.mounts.size(); ++i) {
        const auto mount = dockerfile::parse_mount(
            run.mounts[i], [&](std::string_view value) { return scope.expand(value); });
        auto spec = common_fields(mount);
        fill_source(scope, scope.command.sources.at(i), spec);
        if (mount.kind == MountKind::secret)
            fill_secret(scope, mount, spec);
        else if (mount.kind == MountKind::ssh)
            fill_ssh(scope, mount, sockets++, spec);
        else
            fill_directory(scope, mount, spec);
        out.push_back(std::move(spec));
    }
    return out;
}

} // namespace mica::plan
