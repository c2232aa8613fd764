#include "net/certificates.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <array>
#include <cstdlib>
#include <filesystem>

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

} // namespace mica::net
