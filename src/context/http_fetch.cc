#include "context/http_fetch.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include "io/spool.hh"
#include "net/http_date.hh"
#include "net/retry.hh"
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace mica::context {

namespace {

/// Hashes, counts and tells what is read through it.
class WatchedSource final : public Source {
public:
    WatchedSource(Source &from, const DownloadProgress &progress, std::uint64_t total)
        : from_{from}, progress_{progress}, total_{total}
    {
    }
    std::size_t read(std::span<std::byte> into) override
    {
        const auto count = from_.read(into);
        hash_.update(into.first(count));
        size_ += count;
        if (progress_)
            progress_(size_, total_);
        return count;
    }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] Digest digest() { return hash_.digest(); }

private:
    Source &from_;
    const DownloadProgress &progress_;
    std::uint64_t total_;
    Sha256 hash_;
    std::uint64_t size_ = 0;
};

std::uint64_t length_of(const net::Headers &headers)
{
    std::uint64_t length = 0;
    if (const auto text = headers.find("Content-Length"))
        std::from_chars(text->data(), text->data() + text->size(), length);
    return length;
}

Error refusal(const net::Stream &answer)
{
    const auto status = answer.status;
    const auto message = fmt::format("{} answers with status {}", answer.url.display(), status);
    if (status == 404 || status == 410)
        return Error{ErrorKind::not_found, message}.with_hint(
            "nothing is there (not found): check the address");
    if (status == 401 || status == 403)
        return Error{ErrorKind::denied, message}.with_hint(
            fmt::format("lend a login with --secret id=HTTP_AUTH_TOKEN_{0},… or id=HTTP_AUTH_HEADER_{0},…",
                        answer.url.host()));
    return Error{ErrorKind::network, message};
}

/// One download, tried until it comes or will not.
class Attempts {
public:
    Attempts(const HttpSource &source, const FetchAccess &access, const DownloadProgress &progress,
             const std::stop_token &stop)
        : access_{access}, progress_{progress}, stop_{stop}
    {
        request_.url = net::Url::parse(source.url.substr(0, source.url.find('#')));
        const auto authorization = http_authorization(access, request_.url.host());
        if (!authorization.empty())
            request_.headers.set("Authorization", authorization);
    }

    Download run()
    {
        for (unsigned tried = 1;; ++tried) {
            try {
                auto answer = access_.network().open(request_, stop_);
                if (answer.status >= 200 && answer.status < 300)
                    return take(answer);
                wait_or_throw(refusal(answer), tried, {answer.status, {}, retry_after(answer)});
            } catch (const net::Failure &failure) {
                wait_or_throw(failure, tried, {0, failure.failure(), {}});
            }
        }
    }

private:
    static std::optional<std::chrono::milliseconds> retry_after(const net::Stream &answer)
    {
        const auto value = answer.headers.find("Retry-After");
        return value ? net::parse_retry_after(*value, SystemClock{}.now()) : std::nullopt;
    }

    void wait_or_throw(Error error, unsigned tried, const net::Outcome &outcome)
    {
        const auto pause = net::next_delay(net::RetryPolicy{}, tried, outcome, net::random_chance());
        if (!pause) {
            if (tried > 1)
                error.add_context(fmt::format("after {} attempts", tried));
            throw std::move(error);
        }
        net::pause_for(*pause, stop_);
    }

    Download take(net::Stream &answer)
    {
        WatchedSource body{*answer.body, progress_, length_of(answer.headers)};
        Spool spool{access_.scratch};
        auto content = spool.append(body, stop_);
        Download result{std::move(content), body.size(), body.digest(), {}};
        if (const auto date = answer.headers.find("Last-Modified"))
            result.last_modified = net::parse_http_date(*date);
        return result;
    }

    const FetchAccess &access_;
    const DownloadProgress &progress_;
    const std::stop_token &stop_;
    net::Request request_{.url = net::Url::parse("http://localhost")};
};

} // namespace

Download download(const HttpSource &source, const FetchAccess &access, const DownloadProgress &progress,
                  const std::stop_token &stop)
{
    auto result = Attempts{source, access, progress, stop}.run();
    if (!source.checksum.empty() && result.digest.str() != source.checksum)
        throw Error{ErrorKind::integrity, fmt::format("digest mismatch: the file has {}, but {} was expected",
                                                      result.digest.str(), source.checksum)};
    return result;
}

} // namespace mica::context
