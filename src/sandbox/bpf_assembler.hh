#pragma once
/// @file
/// Writes the small programs that seccomp runs on every system call.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <utility>
#include <vector>

namespace mica::sandbox {

constexpr std::uint32_t error_verdict(int error_number)
{
    return SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(error_number);
}

/// Offset of the low half of an argument in what a filter sees.
constexpr std::uint32_t argument_offset(unsigned index)
{
    constexpr bool big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args)) + 8 * index + (big_endian ? 4 : 0);
}

class BpfAssembler {
public:
    void load(std::size_t offset) { add(BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)); }
    void verdict(std::uint32_t what) { add(BPF_RET | BPF_K, 0, 0, what); }
    void if_equal(std::uint32_t value, std::uint32_t what) { unless(BPF_JEQ, value, what); }
    void if_greater(std::uint32_t value, std::uint32_t what) { unless(BPF_JGT, value, what); }
    void if_any_bit(std::uint32_t bits, std::uint32_t what) { unless(BPF_JSET, bits, what); }
    /// Jumps over what `body` adds unless the loaded word is `value`.
    template <class Body> void when_equal(std::uint32_t value, Body &&body)
    {
        // The long jump after a short one: a conditional jump reaches 255 instructions only.
        add(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, value);
        const std::size_t jump = program_.size();
        add(BPF_JMP | BPF_JA, 0, 0, 0);
        body();
        program_[jump].k = static_cast<std::uint32_t>(program_.size() - jump - 1);
    }
    [[nodiscard]] std::vector<sock_filter> take() { return std::move(program_); }

private:
    void unless(unsigned test, std::uint32_t value, std::uint32_t what)
    {
        add(BPF_JMP | BPF_K | test, 0, 1, value);
        verdict(what);
    }
    void add(unsigned code, unsigned yes, unsigned no, std::uint32_t k)
    {
        program_.push_back({static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(yes),
                            static_cast<std::uint8_t>(no), k});
    }

    std::vector<sock_filter> program_;
};

} // namespace mica::sandbox
