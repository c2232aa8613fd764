#include "registry/download.hh"

#include "base/stop.hh"
#include "base/text.hh"
#include <algorithm>
#include <array>
#include <charconv>

namespace mica::registry {

namespace {

constexpr unsigned most_resumptions = 50;

std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional{value}
                                                                                     : std::nullopt;
}

/// Whether the answer is the part that starts at `start` of a whole of `size`: "bytes 5-9/10".
bool is_the_rest(const net::Headers &headers, std::uint64_t start, std::uint64_t size)
{
    auto range = trim(headers.find("Content-Range").value_or(""));
    if (!range.starts_with("bytes "))
        return false;
    range.remove_prefix(6);
    const auto dash = range.find('-'), slash = range.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || dash > slash)
        return false;
    const auto total = range.substr(slash + 1);
    return number(range.substr(0, dash)) == start && (total == "*" || number(total) == size);
}

class Download final : public Source {
public:
    Download(Session &session, const oci::Reference &image, oci::Descriptor blob, std::stop_token stop)
        : session_{session}, image_{image}, blob_{std::move(blob)}, stop_{std::move(stop)},
          endpoint_{session.endpoint(image.registry())}
    {
        session_.retrying(stop_, [&] { connect(); });
    }

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        for (unsigned fruitless = 1;; ++fruitless) {
            std::chrono::milliseconds pause{};
            try {
                if (!body_)
                    connect();
                return take(into);
            } catch (net::Failure &failure) {
                pause = resume_after(failure, fruitless, {.failure = failure.failure()});
            } catch (Refused &refused) {
                pause = resume_after(refused, fruitless, refused.outcome());
            }
            net::pause_for(pause, stop_);
        }
    }

private:
    std::size_t take(std::span<std::byte> into)
    {
        const auto count = body_->read(into);
        // An end that the server did not announce looks like any other.
        if (count == 0 && at_ < blob_.size)
            throw net::Failure{net::FailureKind::broken,
                               fmt::format("the connection ended after {} of {} bytes", at_, blob_.size)};
        at_ += count;
        return count;
    }

    std::chrono::milliseconds resume_after(Error &error, unsigned fruitless, const net::Outcome &outcome)
    {
        body_.reset();
        if (++resumptions_ > most_resumptions)
            throw;
        return session_.pause_after(error, fruitless, outcome);
    }

    /// The specification has no place for other addresses; image-spec's "urls" are those of
    /// layers that must not be kept in registries.
    void connect()
    {
        const Subject subject{endpoint_, image_, Scopes::pull(image_.repository())};
        auto answer = ask(subject, endpoint_.url(image_.repository(), "blobs/" + blob_.digest.str()));
        for (auto url = blob_.urls.begin(); answer.status == 404 && url != blob_.urls.end(); ++url)
            answer = ask(subject, net::Url::parse(*url));
        accept(subject, std::move(answer));
    }

    Answer ask(const Subject &subject, net::Url url)
    {
        net::Request request{.url = std::move(url)};
        if (at_ > 0)
            request.headers.set("Range", fmt::format("bytes={}-", at_));
        return session_.send(subject, request, stop_);
    }

    void accept(const Subject &subject, Answer answer)
    {
        const bool whole = answer.status == 200;
        if (!whole && !(answer.status == 206 && at_ > 0 && is_the_rest(answer.headers, at_, blob_.size)))
            throw session_.refusal(subject, answer,
                                   fmt::format("to send blob {} of {}", blob_.digest.str(), image_.name()));
        const auto length = number(answer.headers.find("Content-Length").value_or(""));
        if (whole && length && *length != blob_.size)
            throw Error{ErrorKind::integrity,
                        fmt::format("{} sends {} bytes for blob {}, which has {}", answer.url.host_and_port(),
                                    *length, blob_.digest.str(), blob_.size)};
        body_ = std::move(answer.body);
        if (whole)
            skip(at_);
    }

    /// A server without ranges starts over; what was read already is passed over.
    void skip(std::uint64_t count)
    {
        std::vector<std::byte> block(64 * 1024);
        while (count > 0) {
            const auto got =
                body_->read(std::span{block}.first(std::min<std::uint64_t>(count, block.size())));
            if (got == 0)
                throw net::Failure{net::FailureKind::broken,
                                   "the connection ended again before what was missing"};
            count -= got;
        }
    }

    Session &session_;
    const oci::Reference image_;
    const oci::Descriptor blob_;
    const std::stop_token stop_;
    const Endpoint endpoint_;
    std::unique_ptr<Source> body_;
    std::uint64_t at_ = 0;
    unsigned resumptions_ = 0;
};

} // namespace

std::unique_ptr<Source> download(Session &session, const oci::Reference &image, const oci::Descriptor &blob,
                                 const std::stop_token &stop)
{
    return std::make_unique<Download>(session, image, blob, stop);
}

} // namespace mica::registry
