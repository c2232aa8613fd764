#include "oci/growing_blob.hh"

#include "base/error.hh"
#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace mica::oci {

namespace {

class PartSource final : public Source {
public:
    PartSource(std::shared_ptr<const GrowingBlob> keep, int fd, std::uint64_t offset, std::uint64_t size)
        : keep_{std::move(keep)}, fd_{fd}, at_{offset}, end_{offset + size}
    {
    }

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        const auto wanted = std::min<std::uint64_t>(into.size(), end_ - at_);
        ssize_t got = 0;
        do
            got = ::pread(fd_, into.data(), wanted, static_cast<off_t>(at_));
        while (got < 0 && errno == EINTR);
        if (got < 0)
            throw system_error("read", errno);
        if (got == 0 && wanted > 0)
            throw Error{ErrorKind::integrity, "a blob that is being written became shorter"};
        at_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
    }

private:
    const std::shared_ptr<const GrowingBlob> keep_; ///< owns the descriptor
    const int fd_;
    std::uint64_t at_;
    const std::uint64_t end_;
};

} // namespace

void GrowingBlob::grown_to(std::uint64_t size)
{
    {
        const std::scoped_lock lock{mutex_};
        state_.size = size;
    }
    changed_.notify_all();
}

void GrowingBlob::complete(const StoredBlob &blob)
{
    {
        const std::scoped_lock lock{mutex_};
        state_ = {blob.size, blob};
    }
    changed_.notify_all();
}

void GrowingBlob::abandon() noexcept
{
    {
        const std::scoped_lock lock{mutex_};
        abandoned_ = !state_.whole;
    }
    changed_.notify_all();
}

GrowingBlob::State GrowingBlob::wait_beyond(std::uint64_t size, const std::stop_token &stop) const
{
    std::unique_lock lock{mutex_};
    const auto is_news = [&] { return state_.size > size || state_.whole || abandoned_; };
    if (!changed_.wait(lock, stop, is_news) || abandoned_)
        throw Cancelled{};
    return state_;
}

std::optional<StoredBlob> GrowingBlob::whole() const
{
    const std::scoped_lock lock{mutex_};
    return state_.whole;
}

std::unique_ptr<Source> GrowingBlob::part(std::shared_ptr<const GrowingBlob> blob, std::uint64_t offset,
                                          std::uint64_t size)
{
    const auto fd = blob->file_.get();
    return std::make_unique<PartSource>(std::move(blob), fd, offset, size);
}

} // namespace mica::oci
