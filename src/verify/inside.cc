#include "verify/inside.hh"

#include "base/clock.hh"
#include "base/error.hh"
#include "io/codec.hh"
#include "verify/archive_members.hh"
#include "verify/elf_file.hh"
#include "verify/text_diff.hh"
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>

namespace mica::verify {

namespace {

constexpr std::uint64_t most_unpacked = std::uint64_t{64} << 20;

std::uint32_t little_endian(std::string_view bytes, std::size_t offset)
{
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(bytes[offset + i]);
    return value;
}

std::string time_text(std::int64_t seconds)
{
    constexpr std::int64_t limit = 9'000'000'000; // what Time can say in nanoseconds
    return format_rfc3339(from_unix(std::clamp(seconds, -limit, limit)));
}

void look_at_text(std::string_view left, std::string_view right, const std::string &title, Inside &out)
{
    out.left_text = left;
    out.right_text = right;
    out.details.push_back({title, unified_diff(left, right)});
}

/// Where the bytes part, a little of both sides.
void look_at_bytes(std::string_view left, std::string_view right, Inside &out)
{
    const auto at = static_cast<std::size_t>(std::distance(
        left.begin(), std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first));
    const auto hex = [&](std::string_view bytes) {
        std::string line;
        for (const char c : bytes.substr(std::min(at, bytes.size()), 16))
            line += fmt::format("{:02x} ", static_cast<unsigned char>(c));
        return line.empty() ? std::string{"(end)"} : line;
    };
    out.seen.insert("binary");
    out.details.push_back({fmt::format("bytes, which differ from offset {}", at),
                           fmt::format("-{}\n+{}\n", hex(left), hex(right))});
    out.left_text = printable_strings(left);
    out.right_text = printable_strings(right);
}

std::optional<std::string> unpacked(std::string_view bytes)
{
    try {
        const auto source =
            decompressor(Compression::gzip, std::make_unique<StringSource>(std::string{bytes}));
        return read_all(*source, most_unpacked);
    } catch (const Error &) {
        return std::nullopt;
    }
}

/// Seconds of the header's time; zero: none.
std::uint32_t gzip_time(std::string_view bytes)
{
    return bytes.size() < 8 ? 0 : little_endian(bytes, 4);
}

/// One line a property in which two members of a name differ.
void compare_members(const ArchiveMember &left, const ArchiveMember &right, std::string &lines, Inside &out)
{
    const auto note = [&](std::string_view what, const std::string &a, const std::string &b,
                          const char *seen) {
        if (a == b)
            return;
        lines += fmt::format("{}: {} {} → {}\n", left.name, what, a, b);
        out.seen.insert(seen);
    };
    note("time", time_text(left.mtime), time_text(right.mtime), "archive-times");
    note("mode", fmt::format("{:o}", left.mode), fmt::format("{:o}", right.mode), "archive-modes");
    note("owner", fmt::format("{}:{}", left.uid, left.gid), fmt::format("{}:{}", right.uid, right.gid),
         "archive-owners");
    note("link", left.link, right.link, "archive-content");
    note("size", std::to_string(left.size), std::to_string(right.size), "archive-content");
    if (left.content == right.content)
        return;
    out.seen.insert("archive-content");
    lines += fmt::format("{}: content {} → {}\n", left.name, left.content.hex().substr(0, 12),
                         right.content.hex().substr(0, 12));
    if (out.left_text.empty() && !left.text.empty() && !right.text.empty())
        look_at_text(left.text, right.text, "content of " + left.name, out);
}

bool look_at_archive(std::string_view left, std::string_view right, Inside &out)
{
    const auto a = read_members(left, most_unpacked);
    if (!a)
        return false;
    const auto b = read_members(right, most_unpacked);
    if (!b)
        return false;
    out.seen.insert("archive");
    std::map<std::string, const ArchiveMember *> by_name;
    for (const auto &member : *b)
        by_name.emplace(member.name, &member);
    std::string lines;
    for (const auto &member : *a) {
        const auto found = by_name.find(member.name);
        if (found == by_name.end()) {
            lines += fmt::format("{}: only on the left\n", member.name);
            out.seen.insert("archive-content");
            continue;
        }
        compare_members(member, *found->second, lines, out);
        by_name.erase(found);
    }
    for (const auto &[name, member] : by_name) {
        lines += fmt::format("{}: only on the right\n", name);
        out.seen.insert("archive-content");
    }
    if (lines.empty()) {
        out.seen.insert("archive-order");
        lines = "the members are the same, but stand in another order or are packed in another way\n";
    }
    out.details.insert(out.details.begin(), {"members of the archive", lines});
    return true;
}

void look_at_section(const ElfSection &left, const ElfSection &right, Inside &out)
{
    const auto &name = left.name;
    if (name == ".note.gnu.build-id" || name == ".note.go.buildid")
        out.seen.insert("elf-build-id");
    else if (name.starts_with(".debug") || name.starts_with(".zdebug") || name == ".gnu_debuglink" ||
             name == ".symtab" || name == ".strtab")
        out.seen.insert("elf-debug");
    else if (name == ".comment")
        out.seen.insert("elf-comment");
    else if (name == ".text" || name == ".plt" || name == ".init")
        out.seen.insert("elf-code");
    else
        out.seen.insert("elf-data");
    const auto a = printable_strings(left.bytes), b = printable_strings(right.bytes);
    if (a != b && (name == ".comment" || name.starts_with(".rodata") || name.starts_with(".data") ||
                   name.starts_with(".debug_str") || name.starts_with(".debug_line_str")))
        look_at_text(a, b, "strings of section " + name, out);
}

bool look_at_elf(std::string_view left, std::string_view right, Inside &out)
{
    const auto a = read_sections(left), b = read_sections(right);
    if (!a || !b)
        return false;
    out.seen.insert("elf");
    std::multimap<std::string, const ElfSection *> by_name;
    for (const auto &section : *b)
        by_name.emplace(section.name, &section);
    std::string lines;
    for (const auto &section : *a) {
        const auto found = by_name.find(section.name);
        if (found == by_name.end()) {
            lines += fmt::format("{}: only on the left\n", section.name);
            out.seen.insert("elf-data");
            continue;
        }
        if (section.bytes != found->second->bytes) {
            lines += fmt::format("{}: differs ({} and {} bytes)\n", section.name, section.bytes.size(),
                                 found->second->bytes.size());
            look_at_section(section, *found->second, out);
        }
        by_name.erase(found);
    }
    for (const auto &[name, section] : by_name) {
        lines += fmt::format("{}: only on the right\n", name);
        out.seen.insert(name.starts_with(".debug") ? "elf-debug" : "elf-data");
    }
    out.details.insert(out.details.begin(),
                       {"sections of the program", lines.empty() ? "headers alone differ\n" : lines});
    return true;
}

/// PEP 552: magic, flags, then (flags zero) the source's time and size.
bool look_at_pyc(std::string_view path, std::string_view left, std::string_view right, Inside &out)
{
    constexpr std::size_t header = 16;
    if (!path.ends_with(".pyc") || left.size() < header || right.size() < header)
        return false;
    out.seen.insert("pyc");
    const bool same_code = left.substr(header) == right.substr(header);
    if (little_endian(left, 4) == 0 && little_endian(right, 4) == 0 &&
        little_endian(left, 8) != little_endian(right, 8)) {
        out.details.push_back(
            {"time of the source, in the header", fmt::format("-{}\n+{}\n", time_text(little_endian(left, 8)),
                                                              time_text(little_endian(right, 8)))});
        if (same_code)
            out.seen.insert("pyc-time");
    }
    if (!same_code)
        look_at_bytes(left.substr(header), right.substr(header), out);
    return true;
}

bool look_at_gzip(std::string_view left, std::string_view right, Inside &out)
{
    if (!left.starts_with("\x1f\x8b") || !right.starts_with("\x1f\x8b"))
        return false;
    const auto a = unpacked(left), b = unpacked(right);
    if (!a || !b)
        return false;
    out.seen.insert("gzip");
    if (gzip_time(left) != gzip_time(right))
        out.details.push_back(
            {"time in the gzip header",
             fmt::format("-{}\n+{}\n", time_text(gzip_time(left)), time_text(gzip_time(right)))});
    if (*a == *b) {
        out.seen.insert(gzip_time(left) != gzip_time(right) ? "gzip-header" : "gzip-way");
        return true;
    }
    if (look_at_archive(*a, *b, out))
        return true;
    if (is_text(*a) && is_text(*b))
        look_at_text(*a, *b, "unpacked content", out);
    else
        look_at_bytes(*a, *b, out);
    return true;
}

} // namespace

Inside look_inside(std::string_view path, std::string_view left, std::string_view right)
{
    Inside out;
    if (is_text(left) && is_text(right)) {
        out.seen.insert("text");
        look_at_text(left, right, "content", out);
        return out;
    }
    if (look_at_pyc(path, left, right, out) || look_at_gzip(left, right, out) ||
        look_at_elf(left, right, out) || look_at_archive(left, right, out))
        return out;
    look_at_bytes(left, right, out);
    return out;
}

} // namespace mica::verify
