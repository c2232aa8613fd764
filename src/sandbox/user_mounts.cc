#include "sandbox/user_mounts.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/mount.hh"
#include "os/path_walk.hh"
#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mica::sandbox {
namespace {

constexpr unsigned no_suid_dev = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
constexpr unsigned no_suid_dev_exec = no_suid_dev | MOUNT_ATTR_NOEXEC;

MountPoints::Kind kind_of(int file)
{
    struct stat status{};
    os::check(::fstat(file, &status), "stat");
    return S_ISDIR(status.st_mode) ? MountPoints::Kind::directory : MountPoints::Kind::file;
}

PreparedMount clone_file(int file, const std::string &target, unsigned attributes, bool recursive = true)
{
    PreparedMount prepared{os::clone_mount(file, recursive), target, kind_of(file)};
    if (attributes != 0)
        os::restrict_mount(prepared.mount.get(), attributes, true);
    return prepared;
}

/// What is at the path that the request gives, as a process with its root at `root` sees it.
PreparedMount part_of(int root, const MountRequest &request)
{
    const auto file = os::find_in_root(root, request.source.empty() ? "." : request.source, O_PATH);
    if (!file)
        throw Error{ErrorKind::not_found,
                    fmt::format("'/{}' does not exist in what is to be mounted", request.source)};
    return clone_file(file->get(), request.target, request.read_only ? MOUNT_ATTR_RDONLY : 0U);
}

std::string in_octal(std::uint32_t mode)
{
    return fmt::format("{:o}", mode);
}

} // namespace

UserMounts::UserMounts(MountSources sources, OverlayForm form, std::filesystem::path place,
                       FileRecords *records)
    : sources_{sources}, form_{form}, place_{std::move(place)}, records_{records}
{
    os::check(::mkdir(place_.c_str(), 0755), place_.native());
}

UserMounts::~UserMounts()
{
    if (memory_) {
        memory_.reset();
        (void)os::unmount(place_ / "memory", MNT_DETACH);
    }
}

std::vector<PreparedMount> UserMounts::prepare(const RunRequest &request)
{
    std::vector<PreparedMount> prepared;
    prepared.push_back(generated_file("/etc/hosts", request.hosts));
    prepared.push_back(generated_file("/etc/resolv.conf", request.resolv_conf));
    for (const auto &mount : request.mounts)
        in_context([&] { return fmt::format("mount {}", mount.target); },
                   [&] { prepared.push_back(one(mount)); });
    return prepared;
}

PreparedMount UserMounts::generated_file(const std::string &target, const std::string &bytes)
{
    const auto path = next_place();
    const Fd file = open_file(path, O_RDWR | O_CREAT | O_EXCL, 0644);
    write_all(file.get(), as_bytes(bytes));
    return clone_file(file.get(), target, no_suid_dev_exec | MOUNT_ATTR_RDONLY);
}

PreparedMount UserMounts::one(const MountRequest &request)
{
    switch (request.kind) {
    case MountRequest::Kind::host:
        return host(request);
    case MountRequest::Kind::view:
        return sources_.merged != nullptr ? merged_view(request) : view(request, sources_.layers);
    case MountRequest::Kind::files:
        if (sources_.merged != nullptr)
            return merged_view(request);
        if (sources_.files == nullptr)
            break;
        return view(request, *sources_.files);
    case MountRequest::Kind::cache:
        return cache(request);
    case MountRequest::Kind::socket:
        return socket(request);
    case MountRequest::Kind::tmpfs:
        return tmpfs(request);
    case MountRequest::Kind::secret:
        return secret(request);
    }
    throw Error{ErrorKind::internal, "unknown kind of mount"};
}

PreparedMount UserMounts::host(const MountRequest &request)
{
    const Fd file = open_file(request.source, O_PATH);
    const unsigned attributes =
        (request.read_only ? MOUNT_ATTR_RDONLY : 0U) | (request.no_suid ? MOUNT_ATTR_NOSUID : 0U) |
        (request.no_dev ? MOUNT_ATTR_NODEV : 0U) | (request.no_exec ? MOUNT_ATTR_NOEXEC : 0U);
    return clone_file(file.get(), request.target, attributes, request.recursive);
}

/// Always with a writable directory of its own: what is written there is dropped with it.
PreparedMount UserMounts::view(const MountRequest &request, const LayerDirectory &from)
{
    LayerStack stack{form_};
    for (const auto &name : request.layers)
        stack.add(from.open(name));
    const auto place = next_place();
    os::check(::mkdir(place.c_str(), 0755), place.native());
    const auto &mounted = views_.emplace_back(std::make_unique<OverlayMount>(stack, form_, place));
    (void)stack.complete(mounted->root_fd(), 0);
    return part_of(mounted->root_fd(), request);
}

/// One that may be written is this command's own: the caller gave it a name of its own.
PreparedMount UserMounts::merged_view(const MountRequest &request)
{
    const Fd root = open_file(sources_.merged->directory(request.layers.at(0)), O_PATH | O_DIRECTORY);
    return part_of(root.get(), request);
}

/// Earlier commands wrote what they liked in there: a link on the way may point anywhere.
PreparedMount UserMounts::cache(const MountRequest &request)
{
    const auto cache = sources_.caches.open(request.layers.at(0));
    const auto place = os::find_beneath(cache.directory.get(), request.source, O_PATH);
    if (!place)
        throw Error{ErrorKind::not_found,
                    fmt::format("the cache has no '/{}', or a symbolic link is on the way", request.source)}
            .with_hint("a source= in a cache must be made by an earlier RUN, as a directory");
    return clone_file(place->get(), request.target, request.read_only ? MOUNT_ATTR_RDONLY : 0U);
}

PreparedMount UserMounts::socket(const MountRequest &request)
{
    const Fd file = open_file(request.source, O_PATH);
    set_owner_and_mode(file, request, "socket");
    return clone_file(file.get(), request.target, 0);
}

void UserMounts::set_owner_and_mode(const Fd &file, const MountRequest &request, const char *what)
{
    if (records_ != nullptr) {
        struct statx status{};
        os::check(::statx(file.get(), "", AT_EMPTY_PATH, record_mask, &status), what);
        records_->change(key_of(status), [&](FileRecord &record) {
            record.uid = request.uid;
            record.gid = request.gid;
            record.mode = request.mode;
        });
    } else {
        os::check(::fchownat(file.get(), "", request.uid, request.gid, AT_EMPTY_PATH),
                  [&] { return fmt::format("set the owner of a {}", what); });
    }
    const auto mode = records_ != nullptr ? request.mode | 0600U : request.mode;
    os::check(::chmod(os::fd_path(file.get()).c_str(), mode),
              [&] { return fmt::format("set the mode of a {} to {}", what, in_octal(request.mode)); });
}

PreparedMount UserMounts::tmpfs(const MountRequest &request)
{
    // As Docker: everybody may write, and the sticky bit protects. Devices and setuid have no place there.
    std::vector<std::pair<const char *, std::string>> options{{"mode", "1777"}};
    if (request.size != 0)
        options.emplace_back("size", std::to_string(request.size));
    Fd mount = os::make_mount("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    if (request.read_only)
        os::restrict_mount(mount.get(), MOUNT_ATTR_RDONLY, false);
    return {std::move(mount), request.target, MountPoints::Kind::directory};
}

PreparedMount UserMounts::secret(const MountRequest &request)
{
    const auto name = std::to_string(places_++);
    const Fd file{os::check(
        ::openat(private_memory(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), "secret")};
    write_all(file.get(), as_bytes(request.source));
    set_owner_and_mode(file, request, "secret");
    const bool executable = (request.mode & 0111U) != 0;
    return clone_file(file.get(), request.target,
                      MOUNT_ATTR_RDONLY | (executable ? no_suid_dev : no_suid_dev_exec));
}

std::vector<PreparedMount> clone_devices()
{
    std::vector<PreparedMount> devices;
    for (const char *path :
         {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"})
        devices.push_back(clone_file(open_file(path, O_PATH).get(), path, 0));
    return devices;
}

std::filesystem::path UserMounts::next_place()
{
    return place_ / std::to_string(places_++);
}

/// Secrets never touch a disk.
int UserMounts::private_memory()
{
    if (!memory_) {
        const std::vector<std::pair<const char *, std::string>> options{{"mode", "0700"}};
        const auto directory = place_ / "memory";
        os::check(::mkdir(directory.c_str(), 0700), directory.native());
        os::attach_mount(os::make_mount("tmpfs", options, no_suid_dev).get(), directory.native());
        memory_ = open_file(directory, O_RDONLY | O_DIRECTORY);
    }
    return memory_.get();
}

} // namespace mica::sandbox
