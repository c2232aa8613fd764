#include "net/certificates.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <set>
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

/// Every file of the directories that SSL_CERT_DIR names, as OpenSSL and Go read it.
std::string certificates_of_directories()
{
    const char *named = std::getenv("SSL_CERT_DIR");
    std::string all;
    for (const auto directory : split(named == nullptr ? "" : named, ':')) {
        std::error_code code;
        std::set<std::filesystem::path> files; // in an order that does not depend on the disk
        for (const auto &entry : std::filesystem::directory_iterator{directory, code})
            if (entry.is_regular_file(code))
                files.insert(entry.path());
        for (const auto &file : files)
            all +=
                read_file(file, longest_bundle - std::min<std::uint64_t>(all.size(), longest_bundle)) + "\n";
    }
    return all;
}

std::string certificates_of_bundle()
{
    if (const char *named = std::getenv("SSL_CERT_FILE"); named != nullptr && *named != '\0')
        return in_context([] { return std::string{"reading the certificates that SSL_CERT_FILE names"}; },
                          [&] { return read_file(named, longest_bundle); });
    for (const char *bundle : bundles)
        if (std::error_code error; std::filesystem::exists(bundle, error))
            return read_file(bundle, longest_bundle);
    return {};
}

} // namespace

std::string trusted_certificates(const std::string &file)
{
    if (!file.empty())
        return read_file(file, longest_bundle);
    const auto more = certificates_of_directories();
    const auto bundle = certificates_of_bundle();
    return more.empty() ? bundle : bundle + "\n" + more;
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
