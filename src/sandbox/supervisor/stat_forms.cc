#include "sandbox/supervisor/stat_forms.hh"

#include "sandbox/supervisor/reply.hh"
#include <cerrno>
#include <cstring>
#include <limits>
#include <span>
#include <sys/sysmacros.h>

namespace mica::sandbox {
namespace {

class Layout {
public:
    explicit Layout(bool aligned) : aligned_{aligned} {}
    template <class Value> void put(Value value)
    {
        while (aligned_ && bytes_.size() % sizeof value != 0)
            bytes_.push_back(std::byte{});
        const auto raw = std::as_bytes(std::span{&value, 1});
        bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    }
    template <class Narrow, class Value> void fit(Value value)
    {
        if (value > Value{std::numeric_limits<Narrow>::max()})
            throw CallFailed{EOVERFLOW};
        put(static_cast<Narrow>(value));
    }
    void skip(std::size_t count) { bytes_.resize(bytes_.size() + count); }
    std::vector<std::byte> take() { return std::move(bytes_); }

private:
    bool aligned_;
    std::vector<std::byte> bytes_;
};

std::vector<std::byte> native(const struct statx &from)
{
    struct stat to{};
    to.st_dev = ::makedev(from.stx_dev_major, from.stx_dev_minor);
    to.st_ino = from.stx_ino;
    to.st_mode = from.stx_mode;
    to.st_nlink = from.stx_nlink;
    to.st_uid = from.stx_uid;
    to.st_gid = from.stx_gid;
    to.st_rdev = ::makedev(from.stx_rdev_major, from.stx_rdev_minor);
    to.st_size = static_cast<off_t>(from.stx_size);
    to.st_blksize = static_cast<blksize_t>(from.stx_blksize);
    to.st_blocks = static_cast<blkcnt_t>(from.stx_blocks);
    to.st_atim = {from.stx_atime.tv_sec, from.stx_atime.tv_nsec};
    to.st_mtim = {from.stx_mtime.tv_sec, from.stx_mtime.tv_nsec};
    to.st_ctim = {from.stx_ctime.tv_sec, from.stx_ctime.tv_nsec};
    const auto raw = std::as_bytes(std::span{&to, 1});
    return {raw.begin(), raw.end()};
}

void put_time(Layout &to, const struct statx_timestamp &time)
{
    to.put(static_cast<std::uint32_t>(time.tv_sec));
    to.put(time.tv_nsec);
}

void put_times(Layout &to, const struct statx &from)
{
    put_time(to, from.stx_atime);
    put_time(to, from.stx_mtime);
    put_time(to, from.stx_ctime);
}

std::uint32_t device(unsigned major, unsigned minor)
{
    return static_cast<std::uint32_t>(::makedev(major, minor));
}

std::vector<std::byte> narrow(const struct statx &from)
{
    Layout to{true};
    to.put(device(from.stx_dev_major, from.stx_dev_minor));
    to.fit<std::uint32_t>(std::uint64_t{from.stx_ino});
    to.put(from.stx_mode);
    to.fit<std::uint16_t>(from.stx_nlink);
    to.put(static_cast<std::uint16_t>(from.stx_uid));
    to.put(static_cast<std::uint16_t>(from.stx_gid));
    to.put(device(from.stx_rdev_major, from.stx_rdev_minor));
    to.fit<std::uint32_t>(std::uint64_t{from.stx_size});
    to.put(from.stx_blksize);
    to.put(static_cast<std::uint32_t>(from.stx_blocks));
    put_times(to, from);
    to.skip(8);
    return to.take();
}

/// i386 aligns numbers of eight bytes to four, ARM to eight.
std::vector<std::byte> narrow_wide(const struct statx &from, Abi abi)
{
    Layout to{abi != Abi::i386};
    to.put(std::uint64_t{device(from.stx_dev_major, from.stx_dev_minor)});
    to.skip(4);
    to.put(static_cast<std::uint32_t>(from.stx_ino));
    to.put(std::uint32_t{from.stx_mode});
    to.put(from.stx_nlink);
    to.put(from.stx_uid);
    to.put(from.stx_gid);
    to.put(std::uint64_t{device(from.stx_rdev_major, from.stx_rdev_minor)});
    to.skip(4);
    to.put(std::uint64_t{from.stx_size});
    to.put(from.stx_blksize);
    to.put(std::uint64_t{from.stx_blocks});
    put_times(to, from);
    to.put(std::uint64_t{from.stx_ino});
    return to.take();
}

} // namespace

std::vector<std::byte> stat_bytes(const struct statx &status, StatForm form, Abi abi)
{
    if (form == StatForm::native)
        return native(status);
    return form == StatForm::narrow ? narrow(status) : narrow_wide(status, abi);
}

} // namespace mica::sandbox
