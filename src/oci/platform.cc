#include "oci/platform.hh"

#include "base/error.hh"
#include "base/text.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>
#include <utility>

namespace mica::oci {

namespace {

constexpr std::array<std::string_view, 17> known_systems{
    "aix",   "android", "darwin", "dragonfly", "freebsd", "hurd",    "illumos", "ios", "js",
    "linux", "nacl",    "netbsd", "openbsd",   "plan9",   "solaris", "windows", "zos"};

constexpr std::array<std::string_view, 25> known_architectures{
    "386",     "amd64", "amd64p32", "arm",    "armbe",    "arm64",     "arm64be",     "ppc64", "ppc64le",
    "loong64", "mips",  "mipsle",   "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc",   "riscv",
    "riscv64", "s390",  "s390x",    "sparc",  "sparc64",  "wasm",      "wasm64"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words)
{
    return std::ranges::find(words, word) != words.end();
}

[[noreturn]] void refuse(std::string_view text, const std::string &why)
{
    throw Error{ErrorKind::usage, fmt::format("\"{}\" is not a platform: {}", text, why)}.with_hint(
        "write os/architecture[/variant], for example linux/amd64 or linux/arm/v7");
}

bool is_word(std::string_view text, std::string_view also)
{
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               also.find(c) != std::string_view::npos;
    });
}

/// "linux", "windows(10.0.17763)", "windows(10.0.17763+win32k)".
void parse_system(Platform &out, std::string_view whole, std::string_view text)
{
    const auto open = text.find('(');
    const auto name = text.substr(0, open);
    if (!is_word(name, "_-"))
        refuse(whole, fmt::format("\"{}\" is not an operating system", name));
    out.os = name;
    if (open == std::string_view::npos)
        return;
    if (text.back() != ')')
        refuse(whole, "the parenthesis after the operating system is not closed");
    auto options = split(text.substr(open + 1, text.size() - open - 2), '+');
    if (!options[0].empty() && !is_word(options[0], "_.-"))
        refuse(whole, fmt::format("\"{}\" is not a version of an operating system", options[0]));
    out.os_version = options[0];
    for (const auto feature : std::span{options}.subspan(1)) {
        if (!is_word(feature, "_.-"))
            refuse(whole, fmt::format("\"{}\" is not a feature of an operating system", feature));
        out.os_features.emplace_back(feature);
    }
}

/// One word: an operating system of this machine's architecture, or an architecture of Linux.
Platform parse_one_word(std::string_view text, Platform out)
{
    out = normalize(std::move(out));
    if (is_one_of(out.os, known_systems)) {
        const auto host = host_platform();
        out.architecture = host.architecture;
        out.variant = host.variant;
        return out;
    }
    auto guess = normalize(Platform{.os = "linux", .architecture = std::string{text}});
    if (!is_one_of(guess.architecture, known_architectures))
        refuse(text, "it is neither an operating system nor an architecture that is known");
    return guess;
}

void normalize_architecture(std::string &architecture, std::string &variant)
{
    if (architecture == "i386") {
        architecture = "386";
        variant.clear();
    } else if (architecture == "x86_64" || architecture == "x86-64" || architecture == "amd64") {
        architecture = "amd64";
        if (variant == "v1")
            variant.clear();
    } else if (architecture == "aarch64" || architecture == "arm64") {
        architecture = "arm64";
        if (variant == "8" || variant == "v8" || variant == "v8.0")
            variant.clear();
        else if (variant == "9" || variant == "9.0" || variant == "v9.0")
            variant = "v9";
    } else if (architecture == "armhf" || architecture == "armel") {
        variant = architecture == "armhf" ? "v7" : "v6";
        architecture = "arm";
    } else if (architecture == "arm") {
        if (variant.empty() || variant == "7")
            variant = "v7";
        else if (variant == "5" || variant == "6" || variant == "8")
            variant.insert(0, "v");
    }
}

/// What uname(2) calls a machine, as GOARCH calls it (before normalising).
std::pair<std::string, std::string> machine_of_uname(std::string_view machine)
{
    if (machine.starts_with("armv") && machine.size() > 4)
        return {"arm", std::string{machine.substr(3, 2)}};
    if (machine.size() == 4 && machine.front() == 'i' && machine.ends_with("86"))
        return {"386", ""};
    if (machine == "loongarch64")
        return {"loong64", ""};
    return {std::string{machine}, ""};
}

} // namespace

Platform normalize(Platform platform)
{
    platform.os = to_lower(platform.os);
    if (platform.os.empty())
        platform.os = "linux";
    else if (platform.os == "macos")
        platform.os = "darwin";
    platform.architecture = to_lower(platform.architecture);
    platform.variant = to_lower(platform.variant);
    normalize_architecture(platform.architecture, platform.variant);
    std::ranges::sort(platform.os_features);
    const auto repeated = std::unique(platform.os_features.begin(), platform.os_features.end());
    platform.os_features.erase(repeated, platform.os_features.end());
    return platform;
}

Platform parse_platform(std::string_view text)
{
    if (text == "local")
        return host_platform();
    if (text.empty())
        refuse(text, "it is empty");
    if (text.find('*') != std::string_view::npos)
        refuse(text, "wildcards are not supported");
    const auto parts = split(text, '/');
    if (parts.size() > 3)
        refuse(text, "it has more than three parts");
    Platform out;
    parse_system(out, text, parts[0]);
    for (const auto part : std::span{parts}.subspan(1))
        if (!is_word(part, "_.-"))
            refuse(text, fmt::format("\"{}\" may have only letters, digits, \"_\", \".\" and \"-\"", part));
    if (parts.size() == 1)
        return parse_one_word(text, std::move(out));
    out.architecture = parts[1];
    if (parts.size() == 3)
        out.variant = parts[2];
    return normalize(std::move(out));
}

std::string format_platform(const Platform &platform)
{
    if (platform.os.empty())
        return "unknown";
    auto text = platform.os;
    if (!platform.os_version.empty() || !platform.os_features.empty()) {
        text += "(" + platform.os_version;
        for (const auto &feature : platform.os_features)
            text += "+" + feature;
        text += ")";
    }
    for (const auto &part : {platform.architecture, platform.variant})
        if (!part.empty())
            text += "/" + part;
    return text;
}

Platform host_platform()
{
    utsname names{};
    if (::uname(&names) != 0)
        throw system_error("uname", errno);
    auto [architecture, variant] = machine_of_uname(&names.machine[0]);
    return normalize(
        Platform{.os = "linux", .architecture = std::move(architecture), .variant = std::move(variant)});
}

} // namespace mica::oci
