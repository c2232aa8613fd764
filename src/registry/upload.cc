#include "registry/upload.hh"

#include "net/redirect.hh"
#include "registry/chunked_upload.hh"
#include "registry/upload_exchange.hh"

namespace mica::registry {

namespace {

using net::Method;

/// Smaller pieces than this are not worth trying.
constexpr std::uint64_t least_fallback = 256 * 1024;

/// A session that the registry gave for an upload, or the news that it mounted the blob.
struct Opened {
    bool mounted = false;
    std::optional<UploadSession> session;
};

class Upload {
public:
    Upload(Session &session, const UploadJob &job, const std::stop_token &stop)
        : session_{session}, job_{job}, stop_{stop},
          subject_{job.endpoint, job.image, Scopes::push(job.image.repository())}
    {
    }

    BlobPlacement run()
    {
        if (blob_is_there(session_, subject_, job_.blob.digest, stop_))
            return BlobPlacement::present;
        auto opened = open_with_mount();
        if (opened.mounted)
            return BlobPlacement::mounted;
        for (unsigned tried = 1;; ++tried) {
            std::chrono::milliseconds pause{};
            try {
                if (!opened.session)
                    opened.session = exchange_.open();
                send(*std::exchange(opened.session, std::nullopt), tried);
                return BlobPlacement::uploaded;
            } catch (net::Failure &failure) {
                pause = session_.pause_after(failure, tried, {.failure = failure.failure()});
            } catch (Refused &refused) {
                if (try_smaller(refused)) {
                    --tried;
                    continue;
                }
                pause = session_.pause_after(refused, tried, outcome_of(refused));
            }
            net::pause_for(pause, stop_);
            // The answer may have been lost when all was stored already.
            if (blob_is_there(session_, subject_, job_.blob.digest, stop_))
                return BlobPlacement::uploaded;
        }
    }

private:
    /// What a new session may cure: sessions that the registry forgot or mixed up.
    static net::Outcome outcome_of(const Refused &refused)
    {
        const bool session_is_lost = refused.has_code("BLOB_UPLOAD_UNKNOWN") ||
                                     refused.has_code("BLOB_UPLOAD_INVALID") ||
                                     refused.has_code("DIGEST_INVALID") || refused.status() == 416;
        auto outcome = refused.outcome();
        if (session_is_lost && !refused.has_code("NAME_UNKNOWN") && !refused.has_code("DENIED"))
            outcome.status = 503;
        return outcome;
    }

    /// A registry, or a proxy in front of it, that does not take requests of this size or form: the
    /// blob in pieces, then in smaller ones. False: that is not the trouble, or there is nothing left to try.
    bool try_smaller(const Refused &refused)
    {
        const auto &strategy = job_.endpoint.upload;
        const auto status = refused.status();
        const bool too_large = status == 413;
        const bool wrong_form =
            status == 405 || status == 411 || status == 501 || refused.has_code("UNSUPPORTED");
        if (wrong_form && chunk_ > 0 && !in_pieces_) {
            chunk_ = 0; // it has something against pieces
            return true;
        }
        if (strategy.fallback_chunk == 0 || !(too_large || (wrong_form && chunk_ == 0)))
            return false;
        if (chunk_ == 0)
            chunk_ = strategy.fallback_chunk;
        else if (chunk_ / 4 >= least_fallback)
            chunk_ /= 4;
        else
            return false;
        // Pieces of a size at which the blob is one again would be refused again.
        while (too_large && chunk_ >= job_.blob.size && chunk_ / 4 >= least_fallback)
            chunk_ /= 4;
        in_pieces_ = true;
        return chunk_ < job_.blob.size;
    }

    /// Any trouble with a mount is no trouble: the blob can be sent.
    Opened open_with_mount()
    {
        if (job_.endpoint.upload.mounts)
            for (const auto &source : job_.mount_from) {
                try {
                    auto opened = mount(source);
                    if (opened.mounted || opened.session)
                        return opened;
                } catch (const Error &) {
                    continue;
                }
            }
        return {};
    }

    Opened mount(const std::string &source)
    {
        const Subject both{job_.endpoint, job_.image, subject_.scopes.with(Scopes::pull(source))};
        const auto url = uploads_url().with_query("mount", job_.blob.digest.str()).with_query("from", source);
        const auto answer = session_.send(both, {.method = Method::post, .url = url}, stop_);
        if (answer.status == 201)
            return {.mounted = true, .session = std::nullopt};
        if (answer.status == 202)
            return {.mounted = false, .session = begun_session(job_.endpoint, answer)};
        return {};
    }

    void send(const UploadSession &opened, unsigned tried)
    {
        const auto chunk = std::max(chunk_, opened.least_chunk);
        // The last attempts are plain ones: whatever the registry has against pieces ends there.
        const bool last_try = !in_pieces_ && tried > 1 && tried + 1 >= session_.policy().attempts;
        if (chunk_ > 0 && job_.blob.size > chunk && !last_try)
            send_in_chunks(exchange_, opened, chunk, job_);
        else
            exchange_.put_whole(opened.location, job_.blob, job_.blobs);
    }

    [[nodiscard]] net::Url uploads_url() const
    {
        return job_.endpoint.url(job_.image.repository(), "blobs/uploads/");
    }

    Session &session_;
    const UploadJob &job_;
    const std::stop_token &stop_;
    const Subject subject_;
    UploadExchange exchange_{session_, subject_, "blob " + job_.blob.digest.str(), stop_};
    std::uint64_t chunk_ = job_.endpoint.upload.chunk_size;
    bool in_pieces_ = false; ///< since the blob in one was refused
};

} // namespace

bool blob_is_there(Session &session, const Subject &subject, const Digest &digest,
                   const std::stop_token &stop)
{
    // A redirect to the storage says "yes" too, and the signed address may not allow HEAD.
    const net::Request request{.method = Method::head,
                               .url =
                                   subject.endpoint.url(subject.image.repository(), "blobs/" + digest.str()),
                               .max_redirects = 0};
    return session.retrying(stop, [&] {
        const auto answer = session.send(subject, request, stop);
        if (net::is_passing(answer.status))
            throw session.refusal(subject, answer, fmt::format("to look for blob {}", digest.str()));
        return answer.status == 200 || net::is_redirect(answer.status);
    });
}

BlobPlacement upload(Session &session, const UploadJob &job, const std::stop_token &stop)
{
    return Upload{session, job, stop}.run();
}

} // namespace mica::registry
