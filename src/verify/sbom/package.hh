#pragma once
/// @file
/// A software package that an image has, as its own records tell.
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mica::verify {

enum class PackageKind : std::uint8_t { deb, apk, rpm, python, npm, go, cargo, maven };

struct Package {
    PackageKind kind{};
    std::string name, version;
    std::string architecture{}; ///< of packages of a distribution
    std::string group{};        ///< maven: groupId
    std::string license{};      ///< as the record has it; may be empty, need not be an SPDX expression
    std::string path{};         ///< the record, with a leading slash
    auto operator<=>(const Package &) const = default;
};

/// What /etc/os-release says.
struct Distribution {
    std::string id, version, pretty_name;
};

/// "pkg:deb/debian/libc6@2.36?arch=amd64&distro=debian-12" (package-url/purl-spec).
[[nodiscard]] std::string purl(const Package &package, const Distribution &distribution);

} // namespace mica::verify
