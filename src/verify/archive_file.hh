#pragma once
/// @file
/// The members of an uncompressed tar file on disk, to be read in any order.
#include "io/fd.hh"
#include "io/stream.hh"
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace mica::verify {

/// Its headers are read once (POSIX ustar and pax, GNU's long names); after that each
/// member is a range of the file. Made for what `docker save` writes: plain files, and
/// links to them. Any thread.
class ArchiveFile {
public:
    /// Throws Error: integrity for what is no tar, is cut short, or has more than a million
    /// members.
    ArchiveFile(const std::filesystem::path &path, const std::stop_token &stop);

    struct Member {
        std::uint64_t offset = 0, size = 0;
    };
    /// By name as it stands there, without "./"; links are followed. nullopt: there is none.
    [[nodiscard]] std::optional<Member> find(std::string_view name) const;
    [[nodiscard]] std::unique_ptr<Source> open(const Member &member) const;
    /// A small member; nullopt if there is none. Throws Error (integrity) past `limit`.
    [[nodiscard]] std::optional<std::string> read(std::string_view name, std::uint64_t limit) const;

private:
    void read_headers(const std::stop_token &stop);

    std::filesystem::path path_;
    std::shared_ptr<const Fd> file_;
    std::map<std::string, Member, std::less<>> members_;
    std::map<std::string, std::string, std::less<>> links_;
};

} // namespace mica::verify
