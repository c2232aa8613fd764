#pragma once
/// @file
/// Content addresses, as the OCI image-spec's descriptor.md writes them.
#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace mica {

/// A sha256 content address. Always well formed: the only ways in are parse(),
/// which throws, and a hasher's bytes.
class Digest {
public:
    static constexpr std::size_t size = 32;
    using Bytes = std::array<std::byte, size>;

    /// Takes "sha256:<64 lower-case hex digits>" and nothing else; throws Error
    /// (integrity; unsupported for another algorithm).
    [[nodiscard]] static Digest parse(std::string_view text);
    explicit Digest(const Bytes &bytes) : bytes_{bytes} {}

    /// "sha256:<hex>".
    [[nodiscard]] std::string str() const;
    [[nodiscard]] std::string hex() const;
    [[nodiscard]] const Bytes &bytes() const noexcept { return bytes_; }
    auto operator<=>(const Digest &) const = default;

private:
    Bytes bytes_;
};

} // namespace mica

template <> struct std::hash<mica::Digest> {
    std::size_t operator()(const mica::Digest &digest) const noexcept;
};
