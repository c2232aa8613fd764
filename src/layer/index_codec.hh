#pragma once
/// @file
/// The primitives of the layer index: numbers and framed texts.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mica::layer {

/// Seven bits a byte, lowest first, the eighth says that more follow.
void put_number(std::string &out, std::uint64_t value);
/// The sign goes to the lowest bit, so that small numbers stay short.
void put_signed(std::string &out, std::int64_t value);
/// Length, then bytes.
void put_text(std::string &out, std::string_view text);

/// Takes the same off a text; throws Error (integrity) at its end or for what cannot be.
class IndexCursor {
public:
    explicit IndexCursor(std::string_view bytes) : rest_{bytes} {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] std::uint64_t number();
    /// Passes over a number of whatever size.
    void skip_number();
    [[nodiscard]] std::uint32_t small_number();
    [[nodiscard]] std::int64_t signed_number();
    [[nodiscard]] std::string_view text();
    [[nodiscard]] std::string_view bytes(std::uint64_t count);

private:
    std::string_view rest_;
};

[[noreturn]] void throw_broken_index(std::string_view why);

} // namespace mica::layer
