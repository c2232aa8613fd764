#include "verify/path_rules.hh"

#include <algorithm>
#include <array>

namespace mica::verify {

namespace {

constexpr std::array rules{
    PathRule{"var/log/", "log", "a log: it holds times of the build; --fixup=logs leaves it out", true},
    PathRule{"etc/machine-id", "machine-id",
             "the identity of a machine, made at random; --fixup=machine-id removes it", true},
    PathRule{"var/lib/dbus/machine-id", "machine-id",
             "the identity of a machine, made at random; --fixup=machine-id removes it", true},
    PathRule{"var/cache/ldconfig/", "ldconfig-cache",
             "ldconfig's cache of inodes and times; --fixup=caches removes it", true},
    PathRule{"etc/ld.so.cache", "ldconfig-cache", "ldconfig's cache: other libraries are installed", false},
    PathRule{"etc/hostname", "host-name", "the host name of the build", false},
    PathRule{"etc/hosts", "host-name", "names of hosts at the time of the build", false},
    PathRule{"etc/resolv.conf", "host-name", "name servers of the machine that built it", false},
    PathRule{"var/lib/apt/lists/", "package-lists",
             "lists of a package mirror at the time of the build: remove them in the RUN that fetches them",
             true},
    PathRule{"var/cache/apt/", "package-cache", "apt's cache; --fixup=caches removes it", true},
    PathRule{"var/cache/debconf/", "package-cache", "debconf's cache; --fixup=caches removes its old copies",
             true},
    PathRule{"var/lib/dpkg/status", "package-versions",
             "other versions of packages: pin them, or use a snapshot of the mirror", false},
    PathRule{"lib/apk/db/installed", "package-versions", "other versions of packages: pin them", false},
    PathRule{"var/cache/fontconfig/", "cache", "a cache that holds times; --fixup=caches removes it", true},
    PathRule{"var/cache/man/", "cache", "a cache of the manual that holds times; --fixup=caches removes it",
             true},
    PathRule{"root/.cache/", "cache", "a user's cache; --fixup=caches removes it", true},
    PathRule{"root/.npm/", "cache", "npm's cache and logs; --fixup=caches removes it", true},
    PathRule{"etc/ssh/ssh_host_", "key",
             "a key of the host, made at random: make it when the container starts", true},
    PathRule{"var/lib/systemd/random-seed", "random", "a random seed: remove it", true},
    PathRule{"etc/shadow", "password-date",
             "the day of the last change of a password, or a salted hash: chage -d sets the day", false},
    PathRule{"etc/shadow-", "password-date", "a copy of the shadow file with the day of a change: remove it",
             false},
    PathRule{"tmp/", "temporary", "a temporary file: remove it in the RUN that makes it", false},
    PathRule{"var/tmp/", "temporary", "a temporary file: remove it in the RUN that makes it", false},
};

constexpr PathRule user_cache{"home/", "cache", "a user's cache; --fixup=caches removes it", true};
constexpr PathRule lock_file{"", "package-versions",
                             "other versions of dependencies: install from a lock file", false};

} // namespace

const PathRule *find_path_rule(std::string_view path)
{
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const PathRule &rule) { return path.starts_with(rule.prefix); });
    if (found != rules.end())
        return &*found;
    if (path.find("/.cache/") != std::string_view::npos)
        return &user_cache;
    for (const std::string_view name : {"/package-lock.json", "/yarn.lock", "/Cargo.lock", "/poetry.lock"})
        if (path.ends_with(name))
            return &lock_file;
    return nullptr;
}

std::optional<Cause> cause_by_path(std::string_view path)
{
    if (const auto *rule = find_path_rule(path))
        return Cause{rule->code, rule->sentence};
    return std::nullopt;
}

} // namespace mica::verify
