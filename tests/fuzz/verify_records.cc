// Any bytes are a record of packages, a program, a jar, or nothing; none of them is read past its end, and
// what is found has a name.
#include "fuzz.hh"
#include "verify/sbom/records.hh"
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace mica;

void check(const std::vector<verify::Package> &packages)
{
    for (const auto &package : packages) {
        fuzz::require(!package.name.empty(), "a package has a name");
        fuzz::require(verify::purl(package, {}).starts_with("pkg:"), "a package has an address");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    check(verify::read_dpkg_status(text));
    check(verify::read_apk_installed(text));
    check(verify::read_rpm_manifest(text));
    check(verify::read_python_metadata(text));
    check(verify::read_npm_package(text));
    check(verify::read_cargo_lock(text));
    check(verify::read_program(text));
    check(verify::read_jar(text));
    static_cast<void>(verify::read_os_release(text));
    return 0;
}
