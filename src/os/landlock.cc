#include "os/landlock.hh"

#include "io/fd.hh"
#include <cstdint>
#include <sys/syscall.h>
#include <unistd.h>

namespace mica::os {
namespace {

/// <linux/landlock.h> as of ABI 6; that of Debian 12 is older.
struct RulesetAttributes {
    std::uint64_t handled_access_fs = 0;
    std::uint64_t handled_access_net = 0;
    std::uint64_t scoped = 0;
};
constexpr std::uint64_t scope_abstract_unix_socket = 1;
constexpr std::uint64_t scope_signal = 2;
constexpr unsigned create_ruleset_version = 1;
constexpr long abi_with_scopes = 6;

} // namespace

bool confine(const Scope &scope)
{
    if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, create_ruleset_version) < abi_with_scopes)
        return false;
    RulesetAttributes attributes;
    attributes.scoped =
        (scope.abstract_sockets ? scope_abstract_unix_socket : 0) | (scope.signals ? scope_signal : 0);
    const Fd ruleset{
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0))};
    return ruleset && ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

} // namespace mica::os
