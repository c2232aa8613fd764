#include "exec/emulation.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include "oci/platform.hh"
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace mica::exec {

namespace {

/// QEMU's name of an architecture, which the registrations of Debian's
/// qemu-user-static and of tonistiigi/binfmt carry.
std::string_view qemu_name(std::string_view architecture)
{
    if (architecture == "amd64")
        return "x86_64";
    if (architecture == "386")
        return "i386";
    if (architecture == "arm64")
        return "aarch64";
    if (architecture == "ppc64le")
        return "ppc64le";
    if (architecture == "loong64")
        return "loongarch64";
    return architecture; // arm, s390x, riscv64, mips64le…
}

bool has_interpreter(const oci::Platform &platform)
{
    try {
        const auto text = read_file(
            fmt::format("/proc/sys/fs/binfmt_misc/qemu-{}", qemu_name(platform.architecture)), 4096);
        return text.starts_with("enabled");
    } catch (const Error &) {
        return false; // not mounted, or no such registration
    }
}

} // namespace

void check_can_execute(const oci::Platform &platform)
{
    const auto host = oci::host_platform();
    if (platform.os != host.os)
        throw Error{ErrorKind::unsupported,
                    fmt::format("a RUN for {} cannot run on {}", oci::format_platform(platform),
                                oci::format_platform(host))};
    const bool native =
        oci::satisfies(platform, host) || (host.architecture == "amd64" && platform.architecture == "386");
    if (native || has_interpreter(platform))
        return;
    throw Error{ErrorKind::unsupported,
                fmt::format("a RUN for {} cannot run on this {} machine", oci::format_platform(platform),
                            oci::format_platform(host))}
        .with_hint("register an emulator with the kernel (Debian: apt-get install qemu-user-static), or do "
                   "the RUN in "
                   "a stage FROM --platform=$BUILDPLATFORM and copy its result");
}

} // namespace mica::exec
