#include "cache/file_digests.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include "io/hash.hh"
#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <sys/stat.h>

namespace mica::cache {

namespace {

constexpr std::string_view magic = "mica-file-digests 1\n";
constexpr std::size_t record_size = 4 * sizeof(std::uint64_t) + Digest::size;
constexpr std::size_t most_records = 400'000;
constexpr std::uint64_t largest_file = magic.size() + most_records * record_size + Digest::size;
constexpr std::int64_t settled_after = 2'000'000'000; ///< nanoseconds

std::int64_t change_time(const struct stat &file)
{
    return std::int64_t{file.st_ctim.tv_sec} * 1'000'000'000 + file.st_ctim.tv_nsec;
}

std::int64_t now()
{
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

void put(std::string &out, std::uint64_t value)
{
    for (unsigned shift = 0; shift < 64; shift += 8)
        out.push_back(static_cast<char>(value >> shift & 0xffU));
}

std::uint64_t take(std::string_view &from)
{
    std::uint64_t value = 0;
    for (unsigned i = 0; i < 8; ++i)
        value |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
    from.remove_prefix(8);
    return value;
}

Digest take_digest(std::string_view &from)
{
    Digest::Bytes bytes{};
    std::memcpy(bytes.data(), from.data(), bytes.size());
    from.remove_prefix(bytes.size());
    return Digest{bytes};
}

std::string_view as_text(const Digest &digest)
{
    return {reinterpret_cast<const char *>(digest.bytes().data()), Digest::size};
}

/// The records of a file that is whole; else none.
std::string_view checked(std::string_view bytes)
{
    if (!bytes.starts_with(magic) || bytes.size() < magic.size() + Digest::size)
        return {};
    const auto covered = bytes.substr(0, bytes.size() - Digest::size);
    if (bytes.substr(covered.size()) != as_text(sha256(covered)))
        return {};
    const auto records = covered.substr(magic.size());
    return records.size() % record_size == 0 ? records : std::string_view{};
}

} // namespace

FileDigests::FileDigests(std::filesystem::path file) : file_{std::move(file)}
{
    if (!file_.empty())
        load();
}

void FileDigests::load()
{
    try {
        const auto bytes = read_file(file_, largest_file);
        auto records = checked(bytes);
        state_.with([&](State &state) {
            while (!records.empty()) {
                const Identity identity{take(records), take(records)};
                const auto changed = static_cast<std::int64_t>(take(records));
                const auto size = take(records);
                state.table.insert_or_assign(identity, Record{changed, size, take_digest(records), false});
            }
        });
    } catch (const Error &) { // NOLINT(bugprone-empty-catch)
        // none yet
    }
}

std::optional<Digest> FileDigests::find(const struct stat &file) const
{
    return state_.with([&](State &state) -> std::optional<Digest> {
        const auto found = state.table.find({file.st_dev, file.st_ino});
        if (found == state.table.end() || found->second.changed != change_time(file) ||
            found->second.size != static_cast<std::uint64_t>(file.st_size))
            return std::nullopt;
        found->second.used = true;
        return found->second.digest;
    });
}

void FileDigests::remember(const struct stat &file, const Digest &digest)
{
    const auto changed = change_time(file);
    if (file_.empty() || changed > now() - settled_after)
        return;
    state_.with([&](State &state) {
        state.table.insert_or_assign({file.st_dev, file.st_ino},
                                     Record{changed, static_cast<std::uint64_t>(file.st_size), digest, true});
        state.changed = true;
    });
}

std::string FileDigests::encode(const Table &table)
{
    std::string out{magic};
    std::size_t count = 0;
    for (const bool used : {true, false})
        for (const auto &[identity, record] : table) {
            if (record.used != used || count == most_records)
                continue;
            ++count;
            put(out, identity.device);
            put(out, identity.inode);
            put(out, static_cast<std::uint64_t>(record.changed));
            put(out, record.size);
            out += as_text(record.digest);
        }
    out += as_text(sha256(out));
    return out;
}

void FileDigests::save() const noexcept
{
    try {
        const auto bytes = state_.with(
            [](const State &state) { return state.changed ? encode(state.table) : std::string{}; });
        if (!bytes.empty())
            write_file_atomically(file_, bytes);
    } catch (const std::exception &) { // NOLINT(bugprone-empty-catch)
        // the next build reads the files again
    }
}

} // namespace mica::cache
