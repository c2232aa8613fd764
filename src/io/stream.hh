#pragma once
/// @file
/// Bytes in motion: the two interfaces that every reader and writer of mica
/// implements, and the loops over them.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

namespace mica {

using BytesView = std::span<const std::byte>;

[[nodiscard]] inline BytesView as_bytes(std::string_view text)
{
    return std::as_bytes(std::span{text.data(), text.size()});
}

/// Where bytes go. A stream ends with exactly one finish(); destruction
/// without it means "abandoned" and must leave nothing behind. One thread at a time.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void write(BytesView data) = 0;
    virtual void finish() = 0;
};

/// Where bytes come from. read() blocks until at least one byte is there; zero
/// means the end, and stays zero. One thread at a time.
class Source {
public:
    virtual ~Source() = default;
    [[nodiscard]] virtual std::size_t read(std::span<std::byte> into) = 0;
};

/// A source over bytes that it owns.
class StringSource final : public Source {
public:
    explicit StringSource(std::string bytes) : bytes_{std::move(bytes)} {}
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override;

private:
    std::string bytes_;
    std::size_t at_ = 0;
};

/// Collects into a string.
class StringSink final : public Sink {
public:
    void write(BytesView data) override;
    void finish() override {}
    [[nodiscard]] const std::string &str() const noexcept { return bytes_; }

private:
    std::string bytes_;
};

/// Copies until the end of `from` (without finishing `to`); returns the number
/// of bytes. Throws Cancelled between two buffers.
std::uint64_t copy_all(Source &from, Sink &to, const std::stop_token &stop = {});

/// Everything that is left; throws Error (integrity) past `limit` bytes.
[[nodiscard]] std::string read_all(Source &from,
                                   std::uint64_t limit = std::numeric_limits<std::uint64_t>::max());

/// Fills `into` unless the source ends first; returns the number of bytes read.
[[nodiscard]] std::size_t read_full(Source &from, std::span<std::byte> into);

} // namespace mica
