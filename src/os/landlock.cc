#include "os/landlock.hh"

#include "io/fd.hh"
#include <algorithm>
#include <array>
#include <cstdint>
#include <fcntl.h>
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
struct __attribute__((packed)) PathBeneath {
    std::uint64_t allowed_access = 0;
    std::int32_t parent_fd = -1;
};
constexpr std::uint64_t scope_abstract_unix_socket = 1;
constexpr std::uint64_t scope_signal = 2;
constexpr std::uint64_t right_to_move = std::uint64_t{1} << 13U;
constexpr unsigned create_ruleset_version = 1;
constexpr unsigned rule_path_beneath = 1;
constexpr long abi_with_scopes = 6;

/// How many rights to files each ABI has, from ABI 1 on: 2 brought moving between directories, 3
/// truncation, 5 ioctl of devices.
constexpr std::array<unsigned, 5> rights_of_abi{13, 14, 15, 15, 16};

long abi()
{
    return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, create_ruleset_version);
}

/// A kernel knows the attributes of its own ABI, and takes later ones if they are zero.
Fd create_ruleset(const RulesetAttributes &attributes)
{
    return Fd{static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0))};
}

bool allow_below(const Fd &ruleset, const char *directory, std::uint64_t rights)
{
    const Fd open_directory{::open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC)};
    const PathBeneath rule{rights, open_directory.get()};
    return ruleset && ::syscall(SYS_landlock_add_rule, ruleset.get(), rule_path_beneath, &rule, 0) == 0;
}

bool restrict_self(const Fd &ruleset)
{
    return ruleset && ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

} // namespace

// A domain that says nothing of files still refuses to move them between directories, as soon as
// another one of the same process says anything (landlock(7), LANDLOCK_ACCESS_FS_REFER).
bool confine(const Scope &scope, bool files_follow)
{
    if (abi() < abi_with_scopes)
        return false;
    RulesetAttributes attributes;
    attributes.scoped =
        (scope.abstract_sockets ? scope_abstract_unix_socket : 0) | (scope.signals ? scope_signal : 0);
    attributes.handled_access_fs = files_follow ? right_to_move : 0;
    const Fd ruleset = create_ruleset(attributes);
    if (files_follow && !allow_below(ruleset, "/", right_to_move))
        return false;
    return restrict_self(ruleset);
}

bool confine_files(int directory)
{
    const long version = abi();
    if (version < 1)
        return false;
    const auto known = std::min(static_cast<std::size_t>(version), rights_of_abi.size());
    const std::uint64_t rights = (std::uint64_t{1} << rights_of_abi[known - 1]) - 1;
    RulesetAttributes attributes;
    attributes.handled_access_fs = rights;
    const Fd ruleset = create_ruleset(attributes);
    const PathBeneath rule{rights, directory};
    return ruleset && ::syscall(SYS_landlock_add_rule, ruleset.get(), rule_path_beneath, &rule, 0) == 0 &&
           restrict_self(ruleset);
}

bool can_confine_files()
{
    return abi() >= 1;
}

} // namespace mica::os
