#include "cli/lock_file.hh"

#include "base/error.hh"
#include "context/git_refs.hh"
#include "io/fd.hh"
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace mica::cli {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{4} << 20;
constexpr int lock_version = 1;

std::string name_in(const nlohmann::json &item)
{
    return item.at("name").get<std::string>();
}

Digest digest_in(const nlohmann::json &item)
{
    return Digest::parse(item.at("digest").get<std::string>());
}

std::string commit_in(const nlohmann::json &item)
{
    auto commit = item.at("commit").get<std::string>();
    if (!context::is_commit_name(commit))
        throw Error{ErrorKind::integrity, fmt::format("\"{}\" in the lock is no commit", commit)};
    return commit;
}

/// Every name with its meaning as text.
std::map<std::string, std::string> texts_of(const exec::Pins &pins)
{
    auto texts = pins.commits;
    for (const auto *names : {&pins.images, &pins.files})
        for (const auto &[name, digest] : *names)
            texts.insert_or_assign(name, digest.str());
    return texts;
}

} // namespace

exec::Pins parse_lock(std::string_view text)
{
    const auto json = nlohmann::json::parse(text, nullptr, false);
    try {
        if (!json.is_object() || json.at("version") != lock_version)
            throw Error{ErrorKind::integrity, "it is no lock of a version that mica knows"};
        exec::Pins pins;
        for (const auto &image : json.at("images"))
            pins.images.insert_or_assign(name_in(image), digest_in(image));
        for (const auto &file : json.value("files", nlohmann::json::array()))
            pins.files.insert_or_assign(name_in(file), digest_in(file));
        for (const auto &repository : json.value("repositories", nlohmann::json::array()))
            pins.commits.insert_or_assign(name_in(repository), commit_in(repository));
        return pins;
    } catch (const nlohmann::json::exception &error) {
        throw Error{ErrorKind::integrity, fmt::format("the lock is broken: {}", error.what())};
    }
}

std::string lock_json(const exec::Pins &pins)
{
    const auto list = [](const auto &names, const char *key, auto text) {
        auto items = nlohmann::ordered_json::array();
        for (const auto &[name, meaning] : names)
            items.push_back({{"name", name}, {key, text(meaning)}});
        return items;
    };
    const auto digest = [](const Digest &value) { return value.str(); };
    nlohmann::ordered_json json{{"version", lock_version}};
    json["images"] = list(pins.images, "digest", digest);
    json["files"] = list(pins.files, "digest", digest);
    json["repositories"] = list(pins.commits, "commit", [](const std::string &commit) { return commit; });
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
    const auto old_texts = texts_of(before), new_texts = texts_of(after);
    std::string out;
    for (const auto &[name, text] : old_texts)
        if (!new_texts.contains(name))
            out += fmt::format("- {} {}\n", name, text);
    for (const auto &[name, text] : new_texts) {
        const auto old = old_texts.find(name);
        if (old == old_texts.end())
            out += fmt::format("+ {} {}\n", name, text);
        else if (old->second != text)
            out += fmt::format("~ {} {} → {}\n", name, old->second, text);
    }
    return out;
}

} // namespace mica::cli
