#include "registry/growing_upload.hh"

#include "base/error.hh"
#include "registry/upload.hh"
#include "registry/upload_exchange.hh"
#include <algorithm>
#include <utility>

namespace mica::registry {

namespace {

// The essay. The name of a blob is known when its last byte is, but the registry wants the name in the
// closing request only: everything before can go while it is made. So the time from a layer's last byte
// to its being in the registry is one request, however large the layer is. What this costs:
//
//  * A layer that the registry has already is found out at its end, for nobody can ask for it
//    earlier. Then the upload is dropped. Pieces are kept small, so that little is under way at that
//    moment.
//  * The closing request carries at least one byte, since some registries fail at an empty one: the
//    last byte that is there is never sent before the end is known.
//  * Pieces of a registry with a fixed size (ECR's parts) have that size, all but the last.
//
// Nothing is tried again: whoever called has the whole blob soon, and a way to send it that knows all
// about registries that are in trouble.

/// For this and less a session is not opened: the ordinary way is as fast, and asks first.
constexpr std::uint64_t usual_piece = std::uint64_t{8} << 20;
constexpr std::uint64_t most_at_once = 2 * usual_piece;

class GrowingUpload {
public:
    GrowingUpload(Session &session, const Subject &subject,
                  const std::shared_ptr<const oci::GrowingBlob> &blob, Gate &uploading,
                  const std::stop_token &stop)
        : session_{session}, subject_{subject}, blob_{blob}, uploading_{uploading}, stop_{stop}
    {
    }

    std::optional<BlobPlacement> run()
    {
        if (session_.settings().options.upload_chunk_size == 0U)
            return std::nullopt; // whoever set it wants no pieces
        const auto &strategy = subject_.endpoint.upload;
        const auto step =
            strategy.chunk_size > 0 ? strategy.chunk_size : std::min(usual_piece, strategy.fallback_chunk);
        if (step == 0 || blob_->wait_beyond(step, stop_).whole)
            return std::nullopt;
        auto opened = begin();
        try {
            return send(opened.location, std::max(step, opened.least_chunk));
        } catch (const Error &) { // not Cancelled: nobody waits for an answer then
            exchange_.give_up(opened.location);
            throw;
        }
    }

private:
    UploadSession begin()
    {
        const auto pass = uploading_.enter(stop_);
        return exchange_.open();
    }

    BlobPlacement send(net::Url &location, std::uint64_t step)
    {
        std::uint64_t sent = 0;
        for (;;) {
            const auto state = blob_->wait_beyond(sent + step, stop_);
            if (state.whole)
                return finish(location, sent, *state.whole);
            const auto ready = (state.size - 1 - sent) / step * step;
            const auto size = std::min(ready, most_in_one(step));
            send_piece(location, {sent, body(sent, size)});
            sent += size;
        }
    }

    /// Fixed pieces stay what they are, and so do those of a registry that takes only small ones.
    [[nodiscard]] std::uint64_t most_in_one(std::uint64_t step) const
    {
        const bool is_fixed = subject_.endpoint.upload.chunk_size > 0 || step < usual_piece;
        return is_fixed ? step : std::max(step, most_at_once / step * step);
    }

    void send_piece(net::Url &location, const Piece &piece)
    {
        const auto pass = uploading_.enter(stop_);
        const auto answer = exchange_.patch(location, piece);
        if (!UploadExchange::took_all(answer.status))
            throw exchange_.refusal(answer);
        // Others name the end of the first piece for ever, and have them all.
        const auto has = end_of_range(answer.headers);
        const auto end = piece.offset + piece.body.size;
        if (subject_.endpoint.upload.range_is_true && has && *has > piece.offset && *has < end)
            throw Error{ErrorKind::network,
                        fmt::format("{} took only a part of a piece of a layer", subject_.endpoint.registry)};
        exchange_.follow(answer, location);
    }

    BlobPlacement finish(const net::Url &location, std::uint64_t sent, const oci::StoredBlob &whole)
    {
        const auto pass = uploading_.enter(stop_);
        if (blob_is_there(session_, subject_, whole.digest, stop_)) {
            exchange_.give_up(location);
            return BlobPlacement::present;
        }
        const auto answer = exchange_.put_last(location, {sent, body(sent, whole.size - sent)}, whole.digest);
        if (!UploadExchange::took_all(answer.status))
            throw exchange_.refusal(answer);
        return BlobPlacement::uploaded;
    }

    [[nodiscard]] net::StreamBody body(std::uint64_t offset, std::uint64_t size) const
    {
        return {[blob = blob_, offset, size] { return oci::GrowingBlob::part(blob, offset, size); }, size};
    }

    Session &session_;
    const Subject &subject_;
    const std::shared_ptr<const oci::GrowingBlob> &blob_;
    Gate &uploading_;
    const std::stop_token &stop_;
    UploadExchange exchange_{session_, subject_, "a layer that is being made", stop_};
};

} // namespace

std::optional<BlobPlacement> upload_growing(Session &session, const Subject &subject,
                                            const std::shared_ptr<const oci::GrowingBlob> &blob,
                                            Gate &uploading, const std::stop_token &stop)
{
    return GrowingUpload{session, subject, blob, uploading, stop}.run();
}

} // namespace mica::registry
