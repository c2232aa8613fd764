// Any text is an image name or refused; both forms of a name mean the same name. The same for platforms.
#include "base/error.hh"
#include "fuzz.hh"
#include "oci/platform.hh"
#include "oci/reference.hh"
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace mica;
using fuzz::require;

template <class Body> void may_refuse(Body &&body)
try {
    body();
} catch (const Error &error) {
    require(error.kind() == ErrorKind::usage, "an error of usage");
}

void check_reference(std::string_view text)
{
    const auto reference = oci::Reference::parse(text);
    require(oci::Reference::parse(reference.str()) == reference, "the full form means the same");
    require(oci::Reference::parse(reference.familiar()) == reference, "the familiar form means the same");
    require(!reference.manifest_key().empty(), "there is something to ask a registry for");
    require(reference.repository().size() <= 255, "a repository has at most 255 characters");
}

void check_platform(std::string_view text)
{
    const auto platform = oci::parse_platform(text);
    require(oci::parse_platform(oci::format_platform(platform)) == platform, "the text means the same");
    require(oci::normalize(platform) == platform, "a parsed platform is normal");
    require(oci::satisfies(platform, platform), "a platform fits itself");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char *>(data), size};
    may_refuse([&] { check_reference(text); });
    may_refuse([&] { check_platform(text); });
    return 0;
}
