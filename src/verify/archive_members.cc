#include "verify/archive_members.hh"

#include "base/handle.hh"
#include "io/hash.hh"
#include "verify/text_diff.hh"
#include <archive.h>
#include <archive_entry.h>
#include <array>

namespace mica::verify {

namespace {

constexpr std::size_t most_members = 100'000;
constexpr std::size_t small = 64 * 1024;

using Reader = Handle<archive, archive_read_free>;

/// archive_read_support_format_all() would take formats too (mtree, raw) that hold for archives
/// what is none.
Reader make_reader(std::string_view bytes)
{
    Reader reader{archive_read_new()};
    for (const auto enable :
         {archive_read_support_format_tar, archive_read_support_format_zip, archive_read_support_format_ar,
          archive_read_support_format_cpio, archive_read_support_filter_gzip,
          archive_read_support_filter_zstd}) // filters for which libarchive starts no program
        enable(reader.get());
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return nullptr;
    return reader;
}

/// False: too much, or broken.
bool read_body(archive &reader, ArchiveMember &member, std::uint64_t &left)
{
    std::array<char, 65536> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): written by the reader
    Sha256 hash;
    for (;;) {
        const auto count = archive_read_data(&reader, buffer.data(), buffer.size());
        if (count < 0 || static_cast<std::uint64_t>(count) > left)
            return false;
        if (count == 0)
            break;
        left -= static_cast<std::uint64_t>(count);
        const std::string_view part{buffer.data(), static_cast<std::size_t>(count)};
        hash.update(part);
        member.size += part.size();
        if (member.size <= small)
            member.text += part;
    }
    member.content = hash.digest();
    if (member.size > small || !is_text(member.text))
        member.text.clear();
    return true;
}

std::string text_of(const char *text)
{
    return text == nullptr ? std::string{} : std::string{text};
}

} // namespace

std::optional<std::vector<ArchiveMember>> read_members(std::string_view bytes, std::uint64_t most_bytes)
{
    const auto reader = make_reader(bytes);
    if (!reader)
        return std::nullopt;
    std::vector<ArchiveMember> members;
    for (;;) {
        archive_entry *entry = nullptr;
        const int status = archive_read_next_header(reader.get(), &entry);
        if (status == ARCHIVE_EOF)
            break;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            return std::nullopt;
        ArchiveMember member{.name = text_of(archive_entry_pathname(entry)),
                             .link = text_of(archive_entry_symlink(entry)),
                             .mode = archive_entry_mode(entry),
                             .uid = archive_entry_uid(entry),
                             .gid = archive_entry_gid(entry),
                             .mtime = archive_entry_mtime(entry),
                             .content = sha256({}),
                             .text = {}};
        if (member.link.empty())
            member.link = text_of(archive_entry_hardlink(entry));
        if (members.size() == most_members || !read_body(*reader, member, most_bytes))
            return std::nullopt;
        members.push_back(std::move(member));
    }
    if (members.empty())
        return std::nullopt;
    return members;
}

} // namespace mica::verify
