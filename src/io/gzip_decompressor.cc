#include "base/error.hh"
#include "io/gzip.hh"
#include "io/inflater.hh"
#include <fmt/format.h>
#include <vector>

namespace mica {

namespace {

constexpr std::size_t buffer_size = 128 * 1024;

class GzipDecompressor final : public Source {
public:
    explicit GzipDecompressor(std::unique_ptr<Source> from) : from_{std::move(from)}, buffer_(buffer_size) {}

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        std::size_t produced = 0;
        while (produced == 0 && !into.empty() && (may_hold_more_ || fill()))
            produced = inflate_some(into);
        return produced;
    }

private:
    /// False at the end of the input, where a member must have ended.
    bool fill()
    {
        if (!rest_.empty())
            return true;
        const std::size_t count = input_ended_ ? 0 : from_->read(buffer_);
        input_ended_ = count == 0;
        given_ += count;
        rest_ = BytesView{buffer_}.first(count);
        if (!rest_.empty())
            return true;
        if (in_member_ || !any_member_)
            throw Error{ErrorKind::integrity,
                        fmt::format("the gzip stream is cut short after {} bytes", given_)};
        return false;
    }

    std::size_t inflate_some(std::span<std::byte> into)
    {
        if (!in_member_)
            produced_in_member_ = 0;
        in_member_ = true;
        const auto step = inflater_.inflate(rest_, into);
        rest_ = rest_.subspan(step.consumed);
        produced_in_member_ += step.produced;
        if (step.failure != nullptr)
            fail(step.failure);
        // The decoder keeps what the output had no room for.
        may_hold_more_ = step.produced == into.size() && !step.member_ended;
        if (step.member_ended) {
            in_member_ = false;
            any_member_ = true;
        }
        return step.produced;
    }

    [[noreturn]] void fail(const char *why) const
    {
        if (any_member_ && produced_in_member_ == 0)
            throw Error{ErrorKind::integrity,
                        fmt::format("there are bytes behind the end of the gzip stream ({})", why)};
        throw Error{ErrorKind::integrity,
                    fmt::format("the gzip stream is broken near byte {}: {}", given_ - rest_.size(), why)};
    }

    std::unique_ptr<Source> from_;
    std::vector<std::byte> buffer_;
    BytesView rest_;
    Inflater inflater_;
    bool input_ended_ = false;
    bool in_member_ = false;
    bool any_member_ = false; ///< one ended
    bool may_hold_more_ = false;
    std::uint64_t given_ = 0, produced_in_member_ = 0;
};

} // namespace

std::unique_ptr<Source> gzip_decompressor(std::unique_ptr<Source> from)
{
    return std::make_unique<GzipDecompressor>(std::move(from));
}

} // namespace mica
