#include "sandbox/plain_root.hh"

#include "base/error.hh"
#include "os/mount.hh"
#include <fcntl.h>
#include <sys/mount.h>

namespace mica::sandbox {

void PlainRoot::change_below()
{
    if (in_step_)
        throw Error{ErrorKind::internal, "a layer was added in the middle of a step"};
    snapshot_.reset();
}

RootPlace PlainRoot::mounted()
{
    if (!listed_)
        listed_ = open_file(path_, O_RDONLY | O_DIRECTORY);
    if (!mounted_) {
        // pivot_root(2) wants a mount point.
        if (may_mount_)
            os::mount(path_.c_str(), path_, "bind", MS_BIND | MS_REC);
        mounted_ = open_file(path_, O_PATH | O_DIRECTORY);
    }
    if (!snapshot_)
        snapshot_.emplace(listed_.get());
    in_step_ = true;
    return {path_, mounted_.get()};
}

void PlainRoot::forgive(std::span<const MovedFile> moved)
{
    for (const auto &file : moved)
        snapshot_->forgive(file);
}

SealAnswer PlainRoot::seal()
{
    SealAnswer answer;
    if (!in_step_)
        return answer;
    answer.directory = name_;
    answer.entries = snapshot_->update(listed_.get(), records_);
    in_step_ = false;
    return answer;
}

void PlainRoot::unmount() noexcept
{
    if (mounted_) {
        mounted_.reset();
        if (may_mount_)
            (void)os::unmount(path_, MNT_DETACH);
    }
}

} // namespace mica::sandbox
