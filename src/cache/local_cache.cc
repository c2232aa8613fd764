#include "cache/local_cache.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "io/fd.hh"
#include "io/hash.hh"
#include "os/file_lock.hh"
#include <algorithm>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>

namespace mica::cache {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_entry = 1 << 20;
constexpr std::uint64_t largest_parts = 64 << 20;
constexpr std::uint64_t largest_list = 1 << 16;
constexpr std::size_t remembered = 8; ///< keys of one place

/// By name of file, which any text must fit.
fs::path place_list(const fs::path &directory, const StepPlace &place)
{
    const auto text = frame_list({place.stage, std::to_string(place.number)});
    return directory / "places" / sha256(text).hex();
}

fs::path text_list(const fs::path &directory, const StepPlace &place)
{
    return directory / "places" / sha256(frame_list({place.stage, "text", place.text})).hex();
}

std::vector<std::string> read_list(const fs::path &path)
{
    std::vector<std::string> keys;
    try {
        const auto text = read_file(path, largest_list);
        for (const auto line : split(trim(text), '\n'))
            if (line.size() == 2 * Digest::size)
                keys.emplace_back(line);
    } catch (const Error &) { // NOLINT(bugprone-empty-catch)
        // none yet, or damaged: it only serves explanations
    }
    return keys;
}

/// A blob of the right length: what a crash or a full disk cut short is none.
bool is_whole(const fs::path &blob, std::uint64_t size)
{
    struct stat status{};
    return ::stat(blob.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           static_cast<std::uint64_t>(status.st_size) == size;
}

void mark_used(const fs::path &path) noexcept
{
    ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0); // on a read-only disk nothing is pruned either
}

} // namespace

std::optional<CacheEntry> LocalCache::find(const CacheKey &key, const std::stop_token &stop) const
{
    const auto path = directory_ / key.value.hex();
    try {
        const os::FileLock lock{directory_ / "lock", os::LockMode::shared, stop};
        const auto entry = parse_entry(read_file(path, largest_entry));
        const auto blob = store_.directory() / "blobs" / "sha256" / entry.layer.blob.digest.hex();
        if (is_whole(blob, entry.layer.blob.size)) {
            mark_used(path);
            mark_used(blob);
            return entry;
        }
    } catch (const Error &) { // NOLINT(bugprone-empty-catch)
        // not there, or damaged: the step runs again and writes it anew
    }
    return std::nullopt;
}

void LocalCache::store(const CacheKey &key, const CacheEntry &entry, const std::vector<KeyPart> &parts) const
{
    fs::create_directories(directory_ / "places");
    const auto path = directory_ / key.value.hex();
    if (!parts.empty()) {
        write_file_atomically(path.native() + ".parts", to_json(parts));
        remember(place_list(directory_, entry.place), key);
        remember(text_list(directory_, entry.place), key);
    }
    write_file_atomically(path, to_json(entry));
}

std::vector<KeyPart> LocalCache::parts(const CacheKey &key) const
{
    try {
        return parse_parts(read_file((directory_ / key.value.hex()).native() + ".parts", largest_parts));
    } catch (const Error &) {
        return {};
    }
}

std::vector<CacheKey> LocalCache::earlier(const StepPlace &place) const
{
    auto names = read_list(place_list(directory_, place));
    for (auto &name : read_list(text_list(directory_, place)))
        if (std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(std::move(name));
    std::vector<CacheKey> keys;
    for (const auto &name : names)
        keys.push_back({Digest::parse("sha256:" + name)});
    return keys;
}

void LocalCache::remember(const fs::path &list, const CacheKey &key) const
{
    auto keys = read_list(list);
    const auto name = key.value.hex();
    std::erase(keys, name);
    keys.insert(keys.begin(), name);
    keys.resize(std::min(keys.size(), remembered));
    write_file_atomically(list, join(keys, "\n") + "\n");
}

} // namespace mica::cache
