#include "context/host_content.hh"

#include "base/error.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::context {

namespace {

bool same_time(const timespec &a, const timespec &b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

[[noreturn]] void throw_changed(const std::string &file)
{
    throw Error{ErrorKind::io, fmt::format("{} changed during the build", file)}.with_hint(
        "build from files that nobody writes to meanwhile, or exclude them with .dockerignore");
}

/// Exactly `size` bytes, then the end.
class SizedSource final : public Source {
public:
    SizedSource(Fd fd, std::uint64_t size, std::string name)
        : file_{std::move(fd)}, left_{size}, name_{std::move(name)}
    {
    }

    std::size_t read(std::span<std::byte> into) override
    {
        const auto count = in_context([&] { return name_; }, [&] { return file_.read(into); });
        const bool too_short = count == 0 && !into.empty() && left_ > 0;
        if (too_short || count > left_)
            throw_changed(name_);
        left_ -= count;
        return count;
    }

private:
    FdSource file_;
    std::uint64_t left_;
    std::string name_;
};

} // namespace

std::unique_ptr<Source> HostContent::open() const
{
    Fd fd = tree_->open(path_);
    struct stat now{};
    if (::fstat(fd.get(), &now) != 0)
        throw system_error("fstat", errno);
    const bool same = now.st_mode == seen_.st_mode && now.st_ino == seen_.st_ino &&
                      now.st_dev == seen_.st_dev && now.st_size == seen_.st_size &&
                      same_time(now.st_mtim, seen_.st_mtim);
    if (!same)
        throw_changed(tree_->display(path_));
    return std::make_unique<SizedSource>(std::move(fd), static_cast<std::uint64_t>(now.st_size),
                                         tree_->display(path_));
}

} // namespace mica::context
