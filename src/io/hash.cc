#include "io/hash.hh"

#include "base/error.hh"
#include "base/handle.hh"
#include <fmt/format.h>
#include <openssl/evp.h>

namespace mica {

struct Sha256::State {
    Handle<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_{std::make_unique<State>()}
{
    if (!state_->context || EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1)
        throw Error{ErrorKind::internal, "cannot start a SHA-256"};
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256 &&) noexcept = default;
Sha256 &Sha256::operator=(Sha256 &&) noexcept = default;

void Sha256::update(BytesView data)
{
    if (EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) != 1)
        throw Error{ErrorKind::internal, "SHA-256 failed"};
}

Digest Sha256::digest()
{
    Digest::Bytes bytes{};
    unsigned length = 0;
    auto *out = reinterpret_cast<unsigned char *>(bytes.data());
    if (EVP_DigestFinal_ex(state_->context.get(), out, &length) != 1 || length != bytes.size())
        throw Error{ErrorKind::internal, "SHA-256 failed"};
    return Digest{bytes};
}

Digest sha256(std::string_view bytes)
{
    Sha256 hash;
    hash.update(bytes);
    return hash.digest();
}

void HashingSink::write(BytesView data)
{
    hash_.update(data);
    size_ += data.size();
    next_.write(data);
}

std::size_t VerifyingSource::read(std::span<std::byte> into)
{
    if (ended_)
        return 0;
    const std::size_t count = from_->read(into);
    hash_.update(into.first(count));
    seen_ += count;
    if (seen_ > size_)
        throw Error{ErrorKind::integrity,
                    fmt::format("{} has more than the {} bytes promised", expected_.str(), size_)};
    if (count != 0)
        return count;
    ended_ = true;
    if (seen_ != size_)
        throw Error{ErrorKind::integrity,
                    fmt::format("{} ended after {} of {} bytes", expected_.str(), seen_, size_)};
    if (const auto got = hash_.digest(); got != expected_)
        throw Error{ErrorKind::integrity,
                    fmt::format("expected {}, but the bytes are {}", expected_.str(), got.str())};
    return 0;
}

} // namespace mica
