#pragma once
/// @file
/// The ways in which programs of a machine call its kernel: its own, and that of its 32-bit
/// ancestor. (x32 is refused by container_filter() as on the many kernels that lack it.)
#include <cstdint>
#include <linux/audit.h>
#include <optional>
#include <span>
#include <string_view>

namespace mica::sandbox {

/// The values are what seccomp and libseccomp call an architecture.
enum class Abi : std::uint32_t {
    x86_64 = AUDIT_ARCH_X86_64,
    i386 = AUDIT_ARCH_I386,
    aarch64 = AUDIT_ARCH_AARCH64,
    arm = AUDIT_ARCH_ARM
};

/// Those that this machine's kernel may serve, the native one first.
[[nodiscard]] std::span<const Abi> machine_abis();
/// Pointers and longs of four bytes.
[[nodiscard]] constexpr bool is_narrow(Abi abi)
{
    return abi == Abi::i386 || abi == Abi::arm;
}
/// nullopt if the ABI has no such call.
[[nodiscard]] std::optional<int> call_number(Abi abi, std::string_view name);

} // namespace mica::sandbox
