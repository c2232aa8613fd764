#include "net/certificates.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace mica::net {

namespace {

constexpr std::uint64_t longest_bundle = 16 * 1024 * 1024;

constexpr std::array bundles{
    "/etc/ssl/certs/ca-certificates.crt",                // Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",                            // openSUSE
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL
    "/etc/ssl/cert.pem",                                 // Alpine, BSD
};

} // namespace

std::string trusted_certificates(const std::string &file)
{
    if (!file.empty())
        return read_file(file, longest_bundle);
    if (const char *named = std::getenv("SSL_CERT_FILE"); named != nullptr && *named != '\0')
        return in_context([] { return std::string{"reading the certificates that SSL_CERT_FILE names"}; },
                          [&] { return read_file(named, longest_bundle); });
    for (const char *bundle : bundles)
        if (std::error_code error; std::filesystem::exists(bundle, error))
            return read_file(bundle, longest_bundle);
    return {};
}

MemoryFile::MemoryFile(const std::string &text) : file_{::memfd_create("trusted-certificates", MFD_CLOEXEC)}
{
    if (!file_)
        return;
    write_all(file_.get(), as_bytes(text));
    auto path = fmt::format("/proc/self/fd/{}", file_.get());
    if (::access(path.c_str(), R_OK) == 0)
        path_ = std::move(path);
}

} // namespace mica::net
