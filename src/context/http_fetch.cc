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

constexpr unsigned most_lessons = 3; ///< that answers may give before one of them counts

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

Error refusal(const net::Stream &answer, const Requests &requests)
{
    const auto status = answer.status;
    const auto message = fmt::format("{} answers with status {}", answer.url.display(), status);
    if (status == 404 || status == 410)
        return Error{ErrorKind::not_found, message}.with_hint(
            "nothing is there (not found): check the address");
    if (status == 401 || status == 403)
        return Error{ErrorKind::denied, message}.with_hint(requests.login_hint());
    return Error{ErrorKind::network, message};
}

/// An address, with the login that is lent for its host.
class OfAddress final : public Requests {
public:
    OfAddress(const HttpSource &source, const FetchAccess &access)
    {
        request_.url = net::Url::parse(source.url.substr(0, source.url.find('#')));
        const auto authorization = http_authorization(access, request_.url.host());
        if (!authorization.empty())
            request_.headers.set("Authorization", authorization);
    }
    net::Request next() override { return request_; }
    bool learn(int, const net::Headers &) override { return false; }
    std::string login_hint() const override
    {
        return fmt::format("lend a login with --secret id=HTTP_AUTH_TOKEN_{0},… or id=HTTP_AUTH_HEADER_{0},…",
                           request_.url.host());
    }

private:
    net::Request request_{.url = net::Url::parse("http://localhost")};
};

/// One download, tried until it comes or will not.
class Attempts {
public:
    Attempts(Requests &requests, const FetchAccess &access, const DownloadProgress &progress,
             const std::stop_token &stop)
        : requests_{requests}, access_{access}, progress_{progress}, stop_{stop}
    {
    }

    Download run()
    {
        for (unsigned tried = 1;; ++tried) {
            try {
                auto answer = access_.network().open(requests_.next(), stop_);
                if (answer.status >= 200 && answer.status < 300)
                    return take(answer);
                if (tried < most_lessons && requests_.learn(answer.status, answer.headers))
                    continue;
                wait_or_throw(refusal(answer, requests_), tried, {answer.status, {}, retry_after(answer)});
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

    Requests &requests_;
    const FetchAccess &access_;
    const DownloadProgress &progress_;
    const std::stop_token &stop_;
};

} // namespace

Download download(Requests &requests, const FetchAccess &access, const DownloadProgress &progress,
                  const std::stop_token &stop)
{
    return Attempts{requests, access, progress, stop}.run();
}

Download download(const HttpSource &source, const FetchAccess &access, const DownloadProgress &progress,
                  const std::stop_token &stop)
{
    OfAddress requests{source, access};
    auto result = download(requests, access, progress, stop);
    if (!source.checksum.empty() && result.digest.str() != source.checksum)
        throw Error{ErrorKind::integrity, fmt::format("digest mismatch: the file has {}, but {} was expected",
                                                      result.digest.str(), source.checksum)};
    return result;
}

} // namespace mica::context
