#include "sandbox/supervisor/abi.hh"

#include <algorithm>
#include <array>
#include <seccomp.h>
#include <string>
#include <utility>

namespace mica::sandbox {
namespace {

/// Newer than libseccomp 2.5 can name; all architectures share the numbers.
constexpr std::array<std::pair<std::string_view, int>, 6> new_calls{{{"cachestat", 451},
                                                                     {"fchmodat2", 452},
                                                                     {"setxattrat", 463},
                                                                     {"getxattrat", 464},
                                                                     {"listxattrat", 465},
                                                                     {"removexattrat", 466}}};

#if defined __x86_64__
constexpr std::array abis{Abi::x86_64, Abi::i386};
#elif defined __aarch64__
constexpr std::array abis{Abi::aarch64, Abi::arm};
#else
constexpr std::array<Abi, 0> abis{};
#endif

} // namespace

std::span<const Abi> machine_abis()
{
    return abis;
}

std::optional<int> call_number(Abi abi, std::string_view name)
{
    const auto found = std::ranges::find(new_calls, name, &std::pair<std::string_view, int>::first);
    if (found != new_calls.end())
        return found->second;
    const int number =
        ::seccomp_syscall_resolve_name_arch(static_cast<std::uint32_t>(abi), std::string{name}.c_str());
    return number >= 0 ? std::optional{number} : std::nullopt;
}

} // namespace mica::sandbox
