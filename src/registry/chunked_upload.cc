#include "registry/chunked_upload.hh"

#include "base/text.hh"
#include "registry/location.hh"
#include <charconv>

namespace mica::registry {

namespace {

// The essay. A registry takes the pieces of one blob in order only, so there is nothing to gain from
// sending two at once; several blobs at once are what fills a line. What can go wrong with a piece:
//
//  * The connection breaks, or the registry says 5xx or 429. Whether the bytes were stored is then
//    unknown. The same piece is sent again: if they were not, it is taken; if they were, the
//    registry answers 416 and tells where it wants to go on. Registries whose word can be trusted
//    are asked first (GET on the upload), and what they have is not sent again.
//  * 416, without a break before: the two sides disagree. If the place that it names lies within
//    the piece at hand (or at its end), that is where to go on; else the bytes are gone from memory, and
//    the session is given up. Turns are counted, so a registry that never agrees ends it too.
//  * 2xx with a Range that ends before the piece does: the registry took a part. That is
//    believed where `range_is_true`; ECR always names the end of the first piece, and has them all.

constexpr unsigned most_turns = 10; ///< attempts at one piece, whatever the cause

std::optional<std::uint64_t> leading_number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end != text.data() ? std::optional{value} : std::nullopt;
}

class ChunkedUpload {
public:
    ChunkedUpload(UploadExchange &exchange, const UploadSession &opened, const UploadJob &job)
        : exchange_{exchange}, location_{opened.location}, job_{job}
    {
    }

    void run(std::uint64_t chunk_size)
    {
        const auto source = job_.blobs.open(job_.blob, exchange_.stop());
        for (std::uint64_t at = 0; at < job_.blob.size;) {
            const auto size = std::min(chunk_size, job_.blob.size - at);
            auto bytes = std::make_shared<std::vector<std::byte>>(size);
            if (read_full(*source, *bytes) != size)
                throw Error{ErrorKind::integrity, fmt::format("blob {} ended early", job_.blob.digest.str())};
            const bool last = at + size == job_.blob.size;
            // The source checks the digest when it is read to its end.
            std::byte none{};
            if (last && source->read({&none, 1}) != 0)
                throw Error{ErrorKind::integrity, fmt::format("blob {} has no end", job_.blob.digest.str())};
            send({at, std::move(bytes)}, last);
            at += size;
        }
    }

private:
    void send(Chunk chunk, bool last)
    {
        unsigned failures = 0;
        for (unsigned turn = 1; turn <= most_turns; ++turn) {
            std::chrono::milliseconds pause{};
            try {
                const auto next = send_once(chunk, last);
                if (!next)
                    return;
                chunk = chunk.from(*next);
                if (chunk.bytes->empty() && !last)
                    return;
                continue;
            } catch (net::Failure &failure) {
                pause = exchange_.session().pause_after(failure, ++failures, {.failure = failure.failure()});
            } catch (Refused &refused) {
                pause = exchange_.session().pause_after(refused, ++failures, refused.outcome());
            }
            net::pause_for(pause, exchange_.stop());
            if (const auto next = place_after_break(chunk)) {
                chunk = chunk.from(*next);
                if (chunk.bytes->empty() && !last)
                    return;
            }
        }
        throw net::Failure{net::FailureKind::broken,
                           fmt::format("{} does not take the bytes from {} on of blob {}",
                                       job_.endpoint.registry, chunk.offset, job_.blob.digest.str())};
    }

    /// Where to go on; nullopt when all of it was taken.
    std::optional<std::uint64_t> send_once(const Chunk &chunk, bool last)
    {
        const auto answer = last ? exchange_.put_last(location_, chunk.piece(), job_.blob.digest)
                                 : exchange_.patch(location_, chunk.piece());
        if (answer.status == 416)
            return go_on(chunk, answer, last);
        if (!UploadExchange::took_all(answer.status))
            throw exchange_.refusal(answer);
        if (last)
            return std::nullopt;
        exchange_.follow(answer, location_);
        const auto taken = end_of_range(answer.headers);
        const bool partly =
            job_.endpoint.upload.range_is_true && taken && *taken > chunk.offset && *taken < chunk.end();
        return partly ? taken : std::nullopt;
    }

    /// What the registry says it has, if that can be believed and used. A session that it has
    /// forgotten is an error, since sending on would be in vain.
    std::optional<std::uint64_t> place_after_break(const Chunk &chunk)
    {
        if (!job_.endpoint.upload.range_is_true)
            return std::nullopt;
        try {
            const auto answer = exchange_.ask_status(location_);
            if (answer.status == 404)
                throw exchange_.refusal(answer);
            if (answer.status != 204 && answer.status != 200)
                return std::nullopt;
            exchange_.follow(answer, location_);
            const auto has = end_of_range(answer.headers);
            // "0-0" is what both one byte and none look like.
            const bool usable = has && *has > 1 && *has >= chunk.offset && *has <= chunk.end();
            return usable ? has : std::nullopt;
        } catch (const net::Failure &) {
            return std::nullopt;
        }
    }

    std::uint64_t go_on(const Chunk &chunk, const Answer &answer, bool last)
    {
        const auto wanted = wanted_offset(answer.headers, answer.text);
        // All bytes of the last piece being there, the closing request is still due; ECR fails at an empty
        // one.
        const auto most = last && !job_.endpoint.upload.range_is_true ? chunk.end() - 1 : chunk.end();
        if (!wanted || *wanted < chunk.offset || *wanted > most)
            throw exchange_.refusal(answer);
        exchange_.follow(answer, location_);
        return *wanted;
    }

    UploadExchange &exchange_;
    net::Url location_;
    const UploadJob &job_;
};

} // namespace

std::optional<std::uint64_t> wanted_offset(const net::Headers &headers, std::string_view text)
{
    constexpr std::string_view words = "instead of ";
    if (const auto at = text.find(words); at != std::string_view::npos)
        if (const auto number = leading_number(text.substr(at + words.size())))
            return number;
    return end_of_range(headers);
}

void send_in_chunks(UploadExchange &exchange, const UploadSession &opened, std::uint64_t chunk_size,
                    const UploadJob &job)
{
    ChunkedUpload{exchange, opened, job}.run(chunk_size);
}

} // namespace mica::registry
