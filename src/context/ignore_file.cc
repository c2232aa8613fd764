#include "context/ignore_file.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <utility>

namespace mica::context {

namespace {

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
    constexpr auto common_name = ".dockerignore";
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

} // namespace mica::context
