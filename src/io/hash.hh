#pragma once
/// @file
/// SHA-256 over streams (OpenSSL's EVP, which uses the processor's instructions).
#include "base/digest.hh"
#include "io/stream.hh"
#include <cstdint>
#include <memory>
#include <string_view>

namespace mica {

/// An incremental hash. digest() ends it; update() after that is an error.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256 &&) noexcept;
    Sha256 &operator=(Sha256 &&) noexcept;

    void update(BytesView data);
    void update(std::string_view text) { update(as_bytes(text)); }
    [[nodiscard]] Digest digest();

private:
    struct State;
    std::unique_ptr<State> state_;
};

[[nodiscard]] Digest sha256(std::string_view bytes);

/// Passes bytes on to `next` and hashes and counts them on the way.
class HashingSink final : public Sink {
public:
    explicit HashingSink(Sink &next) : next_{next} {}
    void write(BytesView data) override;
    void finish() override { next_.finish(); }
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// Once, after the last write.
    [[nodiscard]] Digest digest() { return hash_.digest(); }

private:
    Sink &next_;
    Sha256 hash_;
    std::uint64_t size_ = 0;
};

/// Reads through to an end that must match: throws Error (integrity) when the
/// bytes are more or fewer than `size` or hash to something else.
class VerifyingSource final : public Source {
public:
    VerifyingSource(std::unique_ptr<Source> from, const Digest &digest, std::uint64_t size)
        : from_{std::move(from)}, expected_{digest}, size_{size}
    {
    }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override;

private:
    std::unique_ptr<Source> from_;
    Sha256 hash_;
    Digest expected_;
    std::uint64_t size_;
    std::uint64_t seen_ = 0;
    bool ended_ = false;
};

} // namespace mica
