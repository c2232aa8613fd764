#include "oci/open_layer.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "io/async_source.hh"
#include "io/codec.hh"
#include "io/hash.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica::oci {

namespace {

/// Of smaller blobs a thread would cost more than it saves.
constexpr std::uint64_t least_read_ahead = 1 << 20;

/// Gives back the bytes that were read to look at, then the rest.
class PeekedSource final : public Source {
public:
    explicit PeekedSource(std::unique_ptr<Source> from) : from_{std::move(from)}
    {
        size_ = read_full(*from_, head_);
    }
    [[nodiscard]] BytesView head() const { return BytesView{head_}.first(size_); }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        if (at_ == size_)
            return from_->read(into);
        const auto count = std::min(into.size(), size_ - at_);
        std::copy_n(head_.begin() + static_cast<std::ptrdiff_t>(at_), count, into.begin());
        at_ += count;
        return count;
    }

private:
    std::unique_ptr<Source> from_;
    std::array<std::byte, 8> head_{};
    std::size_t size_ = 0, at_ = 0;
};

/// Checks the hash of bytes whose number is not known before.
class DiffIdSource final : public Source {
public:
    DiffIdSource(std::unique_ptr<Source> from, const PlacedLayer &layer, std::stop_token stop)
        : from_{std::move(from)}, layer_{layer.layer}, stop_{std::move(stop)}
    {
    }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        throw_if_stopped(stop_);
        if (ended_)
            return 0;
        const auto count = from_->read(into);
        hash_.update(into.first(count));
        if (count != 0)
            return count;
        ended_ = true;
        if (const auto got = hash_.digest(); got != layer_.diff_id)
            throw Error{ErrorKind::integrity,
                        fmt::format("layer {} unpacks to {} where its image names {}",
                                    layer_.blob.digest.str(), got.str(), layer_.diff_id.str())};
        return 0;
    }

private:
    std::unique_ptr<Source> from_;
    Layer layer_;
    std::stop_token stop_;
    Sha256 hash_;
    bool ended_ = false;
};

} // namespace

std::unique_ptr<Source> open_layer(const PlacedLayer &layer, const std::stop_token &stop)
{
    auto blob = std::make_unique<PeekedSource>(layer.blobs->open(layer.layer.blob, stop));
    const auto kind = detect_compression(blob->head());
    std::unique_ptr<Source> plain = std::move(blob);
    if (kind != Compression::none)
        plain = decompressor(kind, std::move(plain));
    // Fetching, checking and inflating go on while the reader hashes, unpacks and writes.
    if (layer.layer.blob.size >= least_read_ahead)
        plain = std::make_unique<AsyncSource>(std::move(plain), stop);
    return std::make_unique<DiffIdSource>(std::move(plain), layer, stop);
}

} // namespace mica::oci
