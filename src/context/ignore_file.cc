#include "context/ignore_file.hh"

#include "base/error.hh"
#include "context/link_walk.hh"
#include "context/path_text.hh"
#include "io/fd.hh"
#include <utility>

namespace mica::context {

namespace {

constexpr auto common_name = ".dockerignore";
constexpr std::uint64_t largest = 16 * 1024 * 1024;

std::optional<std::string> read_if_there(const std::filesystem::path &path)
{
    try {
        return read_file(path, largest);
    } catch (const Error &error) {
        if (error.kind() == ErrorKind::not_found)
            return std::nullopt;
        throw;
    }
}

} // namespace

IgnoreFile find_ignore_file(const std::filesystem::path &context_root,
                            const std::optional<std::filesystem::path> &dockerfile)
{
    std::vector<std::filesystem::path> candidates{context_root / common_name};
    if (dockerfile)
        candidates.insert(candidates.begin(), std::filesystem::path{dockerfile->native() + common_name});
    for (const auto &candidate : candidates) {
        if (const auto text = read_if_there(candidate)) {
            auto name = candidate.filename().native();
            auto patterns = read_valid_ignore_file(*text, name);
            return {std::move(name), std::move(patterns)};
        }
    }
    return {common_name, {}};
}

IgnoreFile find_ignore_file(const Context &files, const std::optional<std::string> &dockerfile)
{
    std::vector<std::string> candidates{common_name};
    if (dockerfile)
        candidates.insert(candidates.begin(), *dockerfile + common_name);
    for (const auto &candidate : candidates) {
        if (const auto text = read_text(files, candidate, largest)) {
            std::string name{base_name(candidate)};
            auto patterns = read_valid_ignore_file(*text, name);
            return {std::move(name), std::move(patterns)};
        }
    }
    return {common_name, {}};
}

std::optional<std::string> read_text(const Context &files, std::string_view path, std::uint64_t limit)
{
    const auto real = follow_links(path, true, [&](std::string_view at) -> std::optional<std::string> {
        const auto entry = files.find(at);
        return entry && entry->type == tar::FileType::symlink ? std::optional{entry->link_target}
                                                              : std::nullopt;
    });
    const auto entry = files.find(real);
    if (!entry || entry->type != tar::FileType::regular)
        return std::nullopt;
    return read_all(*files.content(real)->open(), limit);
}

} // namespace mica::context
