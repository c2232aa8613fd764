#include "cli/lock_file.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mica::cli {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{4} << 20;
constexpr int lock_version = 1;

} // namespace

exec::Pins parse_lock(std::string_view text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    try {
        if (!json.is_object() || json.at("version") != lock_version)
            throw Error{ErrorKind::integrity, "it is no lock of a version that mica knows"};
        exec::Pins pins;
        for (const auto &image : json.at("images"))
            pins.insert_or_assign(image.at("name").get<std::string>(),
                                  Digest::parse(image.at("digest").get<std::string>()));
        return pins;
    } catch (const nlohmann::json::exception &error) {
        throw Error{ErrorKind::integrity, fmt::format("the lock is broken: {}", error.what())};
    }
}

std::string lock_json(const exec::Pins &pins)
{
    nlohmann::ordered_json json{{"version", lock_version}};
    json["images"] = nlohmann::ordered_json::array();
    for (const auto &[name, digest] : pins)
        json["images"].push_back({{"name", name}, {"digest", digest.str()}});
    return json.dump(2) + "\n";
}

exec::Pins read_lock(const std::filesystem::path &path)
{
    try {
        return in_context([&] { return "reading the lock " + path.native(); },
                          [&] { return parse_lock(read_file(path, most_bytes)); });
    } catch (Error &error) {
        if (error.kind() == ErrorKind::not_found)
            error.set_hint(fmt::format("\"mica lock --lock {} CONTEXT\" makes one", path.native()));
        throw;
    }
}

std::string describe_changes(const exec::Pins &before, const exec::Pins &after)
{
    std::string out;
    for (const auto &[name, digest] : before)
        if (!after.contains(name))
            out += fmt::format("- {} {}\n", name, digest.str());
    for (const auto &[name, digest] : after) {
        const auto old = before.find(name);
        if (old == before.end())
            out += fmt::format("+ {} {}\n", name, digest.str());
        else if (old->second != digest)
            out += fmt::format("~ {} {} → {}\n", name, old->second.str(), digest.str());
    }
    return out;
}

} // namespace mica::cli
