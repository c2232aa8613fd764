#include "registry/upload_exchange.hh"

#include "base/text.hh"
#include "net/redirect.hh"
#include "registry/location.hh"
#include <algorithm>
#include <charconv>
#include <cstring>

namespace mica::registry {

namespace {

constexpr unsigned most_redirects = 5;
constexpr std::uint64_t most_least_chunk = 100 * 1024 * 1024;
constexpr const char *octets = "application/octet-stream";

class ChunkSource final : public Source {
public:
    explicit ChunkSource(std::shared_ptr<const std::vector<std::byte>> bytes) : bytes_{std::move(bytes)} {}

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        const auto count = std::min(into.size(), bytes_->size() - at_);
        std::memcpy(into.data(), bytes_->data() + at_, count);
        at_ += count;
        return count;
    }

private:
    std::shared_ptr<const std::vector<std::byte>> bytes_;
    std::size_t at_ = 0;
};

net::Request piece_request(net::Method method, const net::Url &url, const Piece &piece)
{
    const auto last = piece.offset + piece.body.size - 1;
    return {
        .method = method,
        .url = url,
        .headers = {{"Content-Type", octets}, {"Content-Range", fmt::format("{}-{}", piece.offset, last)}},
        .body = piece.body};
}

std::optional<std::uint64_t> whole_number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{value} : std::nullopt;
}

} // namespace

std::uint64_t least_chunk(const net::Headers &headers)
{
    const auto text = trim(headers.find("OCI-Chunk-Min-Length").value_or(""));
    return std::min(whole_number(text).value_or(0), most_least_chunk);
}

Chunk Chunk::from(std::uint64_t later) const
{
    const auto skipped = static_cast<std::ptrdiff_t>(later - offset);
    return {later, std::make_shared<const std::vector<std::byte>>(bytes->begin() + skipped, bytes->end())};
}

Piece Chunk::piece() const
{
    return {offset, {[bytes = bytes] { return std::make_unique<ChunkSource>(bytes); }, bytes->size()}};
}

std::optional<std::uint64_t> end_of_range(const net::Headers &headers)
{
    const auto range = trim(headers.find("Range").value_or(""));
    const auto dash = range.rfind('-');
    if (dash == std::string_view::npos)
        return std::nullopt;
    const auto last = whole_number(range.substr(dash + 1));
    return last ? std::optional{*last + 1} : std::nullopt;
}

UploadSession begun_session(const Endpoint &endpoint, const Answer &answer)
{
    return {upload_location(endpoint, answer.url, answer.headers), least_chunk(answer.headers)};
}

UploadSession UploadExchange::open()
{
    const auto url = subject_.endpoint.url(subject_.image.repository(), "blobs/uploads/");
    const auto answer = session_.send(subject_, {.method = net::Method::post, .url = url}, stop_);
    if (answer.status != 202 && answer.status != 201 && answer.status != 200)
        throw session_.refusal(subject_, answer, fmt::format("an upload to {}", subject_.image.name()));
    return begun_session(subject_.endpoint, answer);
}

void UploadExchange::put_whole(const net::Url &location, const oci::Descriptor &blob,
                               const oci::BlobReader &blobs)
{
    const auto answer = send({.method = net::Method::put,
                              .url = location.with_query("digest", blob.digest.str()),
                              .headers = {{"Content-Type", octets}},
                              .body = net::StreamBody{[&] { return blobs.open(blob, stop_); }, blob.size}});
    if (!took_all(answer.status))
        throw refusal(answer);
}

Answer UploadExchange::patch(const net::Url &location, const Piece &piece)
{
    return send(piece_request(net::Method::patch, location, piece));
}

Answer UploadExchange::put_last(const net::Url &location, const Piece &piece, const Digest &digest)
{
    const auto url = location.with_query("digest", digest.str());
    if (piece.body.size == 0)
        return send({.method = net::Method::put, .url = url, .headers = {{"Content-Type", octets}}});
    return send(piece_request(net::Method::put, url, piece));
}

void UploadExchange::follow(const Answer &answer, net::Url &location) const
{
    if (answer.headers.find("Location"))
        location = upload_location(subject_.endpoint, answer.url, answer.headers);
}

void UploadExchange::give_up(const net::Url &location)
{
    try {
        (void)session_.send(subject_, {.method = net::Method::remove, .url = location}, stop_);
    } catch (const Error &) { // NOLINT(bugprone-empty-catch)
    }
}

Answer UploadExchange::ask_status(const net::Url &location)
{
    return session_.send(subject_, {.method = net::Method::get, .url = location}, stop_);
}

/// 307 and 308 ask for the same bytes somewhere else; other redirects have no meaning here.
Answer UploadExchange::send(net::Request request)
{
    for (unsigned followed = 0;; ++followed) {
        auto answer = session_.send(subject_, request, stop_);
        const bool moved = answer.status == 307 || answer.status == 308;
        auto next = moved && followed < most_redirects
                        ? net::redirected(request, answer.status, answer.headers)
                        : std::nullopt;
        if (!next)
            return answer;
        request = std::move(*next);
    }
}

Refused UploadExchange::refusal(const Answer &answer) const
{
    return session_.refusal(subject_, answer, fmt::format("{} of {}", what_, subject_.image.name()));
}

} // namespace mica::registry
