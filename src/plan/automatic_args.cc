#include "plan/automatic_args.hh"
#include "oci/platform.hh"
#include <string>
#include <utility>
#include <vector>

namespace mica::plan {
namespace {

oci::Platform without_version(oci::Platform platform)
{
    platform.os_version.clear();
    return platform;
}

/// With the version of the OS, which only Windows images have: "windows(10.0.1)/amd64".
std::string full_text(const oci::Platform &platform)
{
    auto text = oci::format_platform(without_version(platform));
    if (!platform.os_version.empty())
        text.insert(platform.os.size(), "(" + platform.os_version + ")");
    return text;
}

} // namespace

dockerfile::EnvList automatic_args(const PlanOptions &options, std::string_view target)
{
    const auto &build = options.build_platform;
    const auto &wanted = options.platform;
    const std::vector<std::pair<std::string, std::string>> defaults{
        {"BUILDPLATFORM", oci::format_platform(without_version(build))},
        {"BUILDOS", build.os},
        {"BUILDOSVERSION", build.os_version},
        {"BUILDARCH", build.architecture},
        {"BUILDVARIANT", build.variant},
        {"TARGETPLATFORM", full_text(wanted)},
        {"TARGETOS", wanted.os},
        {"TARGETOSVERSION", wanted.os_version},
        {"TARGETARCH", wanted.architecture},
        {"TARGETVARIANT", wanted.variant},
        {"TARGETSTAGE", target.empty() ? "default" : std::string{target}},
    };
    dockerfile::EnvList out;
    for (const auto &[name, value] : defaults) {
        const auto given = options.build_args.find(name);
        out.set(name, given == options.build_args.end() ? value : given->second);
    }
    return out;
}

} // namespace mica::plan
