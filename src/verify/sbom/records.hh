#pragma once
/// @file
/// Readers of the records that package managers leave. Their input is of outside origin: none of them
/// throws for what is broken, each gives what it could read, at most 100,000 packages.
#include "verify/sbom/package.hh"
#include <string_view>
#include <vector>

namespace mica::verify {

/// /var/lib/dpkg/status and the files of /var/lib/dpkg/status.d: packages that are installed.
[[nodiscard]] std::vector<Package> read_dpkg_status(std::string_view text);
/// /lib/apk/db/installed.
[[nodiscard]] std::vector<Package> read_apk_installed(std::string_view text);
/// /var/lib/rpmmanifest/container-manifest-2: a line a package, fields between tabs.
[[nodiscard]] std::vector<Package> read_rpm_manifest(std::string_view text);
/// METADATA of a .dist-info, PKG-INFO of an .egg-info.
[[nodiscard]] std::vector<Package> read_python_metadata(std::string_view text);
/// package.json of a package in node_modules.
[[nodiscard]] std::vector<Package> read_npm_package(std::string_view text);
/// Cargo.lock.
[[nodiscard]] std::vector<Package> read_cargo_lock(std::string_view text);
/// What Go (from 1.18 on) and cargo-auditable put into programs; a program's file.
[[nodiscard]] std::vector<Package> read_program(std::string_view file);
/// pom.properties of Maven in a jar; a jar's file.
[[nodiscard]] std::vector<Package> read_jar(std::string_view file);

[[nodiscard]] Distribution read_os_release(std::string_view text);

} // namespace mica::verify
