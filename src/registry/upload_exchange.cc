#include "registry/upload_exchange.hh"

#include "base/text.hh"
#include "net/redirect.hh"
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

net::Request chunk_request(net::Method method, const net::Url &url, const Chunk &chunk)
{
    return {.method = method,
            .url = url,
            .headers = {{"Content-Type", octets},
                        {"Content-Range", fmt::format("{}-{}", chunk.offset, chunk.end() - 1)}},
            .body = net::StreamBody{[bytes = chunk.bytes] { return std::make_unique<ChunkSource>(bytes); },
                                    chunk.bytes->size()}};
}

} // namespace

std::uint64_t least_chunk(const net::Headers &headers)
{
    const auto text = trim(headers.find("OCI-Chunk-Min-Length").value_or(""));
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::min(value, most_least_chunk) : 0;
}

Chunk Chunk::from(std::uint64_t later) const
{
    const auto skipped = static_cast<std::ptrdiff_t>(later - offset);
    return {later, std::make_shared<const std::vector<std::byte>>(bytes->begin() + skipped, bytes->end())};
}

void UploadExchange::put_whole(const net::Url &location, const oci::BlobReader &blobs)
{
    const auto answer = send({.method = net::Method::put,
                              .url = location.with_query("digest", blob_.digest.str()),
                              .headers = {{"Content-Type", octets}},
                              .body = net::StreamBody{[&] { return blobs.open(blob_, stop_); }, blob_.size}});
    if (!took_all(answer.status))
        throw refusal(answer);
}

Answer UploadExchange::patch(const net::Url &location, const Chunk &chunk)
{
    return send(chunk_request(net::Method::patch, location, chunk));
}

Answer UploadExchange::put_last(const net::Url &location, const Chunk &chunk)
{
    const auto url = location.with_query("digest", blob_.digest.str());
    if (chunk.bytes->empty())
        return send({.method = net::Method::put, .url = url, .headers = {{"Content-Type", octets}}});
    return send(chunk_request(net::Method::put, url, chunk));
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
    return session_.refusal(subject_, answer,
                            fmt::format("blob {} of {}", blob_.digest.str(), subject_.image.name()));
}

} // namespace mica::registry
