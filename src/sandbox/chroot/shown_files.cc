#include "sandbox/chroot/shown_files.hh"

#include "base/error.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include "sandbox/chroot/recorded_owner.hh"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mica::sandbox {

namespace fs = std::filesystem;

namespace {

/// Where the part of `root` lies that the request asks for; links stay inside.
fs::path inside(const fs::path &root, const MountRequest &request)
{
    if (request.source.empty() || request.source == ".")
        return root;
    const Fd directory = open_file(root, O_PATH | O_DIRECTORY);
    const auto found = request.kind == MountRequest::Kind::cache
                           ? os::find_beneath(directory.get(), request.source, O_PATH)
                           : os::find_in_root(directory.get(), request.source, O_PATH);
    if (!found)
        throw Error{ErrorKind::not_found,
                    fmt::format("'/{}' does not exist in what is to be mounted", request.source)};
    return fs::read_symlink(os::fd_path(found->get()));
}

} // namespace

OwnPlace::OwnPlace(fs::path path) : path_{std::move(path)}
{
    os::check(::mkdir(path_.c_str(), 0711), path_.native());
    os::check(::mkdir((path_ / "hidden").c_str(), 0700), path_.native());
}

OwnPlace::~OwnPlace()
{
    try {
        const Fd parent = open_file(path_.parent_path(), O_RDONLY | O_DIRECTORY);
        os::remove_tree(parent.get(), path_.filename());
    } catch (const Error &) {
        // It goes with the scratch directory.
    }
}

void ShownFiles::generated(const std::string &target, const std::string &bytes)
{
    const auto path = next_place();
    const Fd file = open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    write_all(file.get(), as_bytes(bytes));
    os::check(::fchmod(file.get(), 0644), target);
    stand_ins_.give(path, target);
}

void ShownFiles::one(const MountRequest &request)
{
    switch (request.kind) {
    case MountRequest::Kind::view:
    case MountRequest::Kind::files:
        // Made for this command alone (see merged_supply()).
        return stand_ins_.give(inside(sources_.merged.directory(request.layers.at(0)), request),
                               request.target);
    case MountRequest::Kind::cache:
        return stand_ins_.lend(inside(sources_.caches.open(request.layers.at(0)).path, request),
                               request.target);
    case MountRequest::Kind::tmpfs:
        return stand_ins_.give(new_directory(01777), request.target);
    case MountRequest::Kind::secret:
        return secrets_.add(request, next_place(), stand_ins_);
    case MountRequest::Kind::socket:
        return socket(request);
    case MountRequest::Kind::host:
        break;
    }
    throw Error{ErrorKind::unsupported, "files and devices of the machine cannot be shown without mounts"};
}

fs::path ShownFiles::new_directory(unsigned mode)
{
    auto path = next_place();
    os::check(::mkdir(path.c_str(), 0700), path.native());
    os::check(::chmod(path.c_str(), mode), path.native());
    return path;
}

/// A second name for it, so that connecting finds it.
void ShownFiles::socket(const MountRequest &request)
{
    set_owner(request.source, {request.uid, request.gid, request.mode}, records_);
    const auto path = next_place();
    os::check(::link(request.source.c_str(), path.c_str()), "give a socket a second name");
    stand_ins_.give(path, request.target);
}

} // namespace mica::sandbox
