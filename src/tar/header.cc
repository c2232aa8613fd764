#include "tar/header.hh"

#include "tar/path.hh"
#include <algorithm>
#include <optional>
#include <utility>

namespace mica::tar {

namespace {

/// A field of the header: where it starts, how many bytes it has.
struct Field {
    std::size_t at, width;
};

constexpr Field name_field{0, 100}, mode_field{100, 8}, uid_field{108, 8}, gid_field{116, 8},
    size_field{124, 12}, mtime_field{136, 12}, checksum_field{148, 8}, type_field{156, 1},
    link_field{157, 100}, magic_field{257, 8}, major_field{329, 8}, minor_field{337, 8},
    prefix_field{345, 155};

bool is_ascii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0x80) == 0; });
}

void put_text(HeaderBlock &block, Field field, std::string_view text)
{
    std::copy_n(text.begin(), std::min(text.size(), field.width),
                block.begin() + static_cast<std::ptrdiff_t>(field.at));
}

bool fits_octal(Field field, std::uint64_t value)
{
    return (value >> (3 * (field.width - 1))) == 0;
}

/// Leading zeros, a NUL at the end.
void put_octal(HeaderBlock &block, Field field, std::uint64_t value)
{
    for (std::size_t i = field.width - 1; i-- > 0; value >>= 3)
        block[field.at + i] = static_cast<char>('0' + (value & 7));
}

void put_number(HeaderBlock &block, Field field, std::uint64_t value, const char *keyword,
                PaxRecords &records)
{
    if (!fits_octal(field, value)) {
        records.emplace(keyword, std::to_string(value));
        value = 0;
    }
    put_octal(block, field, value);
}

void put_mtime(HeaderBlock &block, std::int64_t seconds, PaxRecords &records)
{
    if (seconds < 0 || !fits_octal(mtime_field, static_cast<std::uint64_t>(seconds))) {
        records.emplace("mtime", std::to_string(seconds));
        seconds = 0;
    }
    put_octal(block, mtime_field, static_cast<std::uint64_t>(seconds));
}

/// Prefix and name of a long path, if there is a slash at the right place.
std::optional<std::pair<std::string_view, std::string_view>> split_name(std::string_view path)
{
    if (path.size() > prefix_field.width + 1 + name_field.width)
        return std::nullopt;
    // The last slash that is not the trailing one and leaves a short enough prefix.
    const std::size_t last = std::min(prefix_field.width, path.size() - 2);
    const std::size_t slash = path.rfind('/', last);
    if (slash == std::string_view::npos || slash == 0 || path.size() - slash - 1 > name_field.width)
        return std::nullopt;
    return std::pair{path.substr(0, slash), path.substr(slash + 1)};
}

/// For readers that know nothing of PAX: the ASCII characters of the text.
std::string ascii_only(std::string_view text)
{
    std::string out;
    std::copy_if(text.begin(), text.end(), std::back_inserter(out), [](char c) { return is_ascii({&c, 1}); });
    return out;
}

void put_name(HeaderBlock &block, const std::string &name, PaxRecords &records)
{
    if (is_ascii(name)) {
        if (name.size() <= name_field.width)
            return put_text(block, name_field, name);
        if (const auto parts = split_name(name)) {
            put_text(block, prefix_field, parts->first);
            return put_text(block, name_field, parts->second);
        }
    }
    records.emplace("path", name);
    put_text(block, name_field, ascii_only(name));
}

void put_link(HeaderBlock &block, const std::string &link, PaxRecords &records)
{
    if (!is_ascii(link) || link.size() > link_field.width)
        records.emplace("linkpath", link);
    put_text(block, link_field, ascii_only(link));
}

/// Last: the sum is over all bytes, with the field itself as blanks.
void seal(HeaderBlock &block)
{
    put_text(block, magic_field,
             std::string_view{"ustar\0"
                              "00",
                              8});
    put_text(block, checksum_field, "        ");
    std::uint64_t sum = 0;
    for (const char c : block)
        sum += static_cast<unsigned char>(c);
    put_octal(block, {checksum_field.at, checksum_field.width - 1}, sum);
    block[checksum_field.at + checksum_field.width - 2] = '\0';
}

} // namespace

HeaderBlock encode_header(const HeaderFields &fields, PaxRecords &records)
{
    HeaderBlock block{};
    put_name(block, fields.name, records);
    put_octal(block, mode_field, fields.mode);
    put_number(block, uid_field, fields.uid, "uid", records);
    put_number(block, gid_field, fields.gid, "gid", records);
    put_number(block, size_field, fields.size, "size", records);
    put_mtime(block, fields.mtime, records);
    block[type_field.at] = fields.type;
    put_link(block, fields.link_name, records);
    put_number(block, major_field, fields.device_major, "SCHILY.devmajor", records);
    put_number(block, minor_field, fields.device_minor, "SCHILY.devminor", records);
    seal(block);
    return block;
}

HeaderBlock encode_pax_header(std::string_view name, std::size_t body_size)
{
    const bool directory = name.ends_with('/');
    const auto dir = directory ? name.substr(0, name.size() - 1) : parent_path(name);
    std::string pax_name{dir};
    if (!pax_name.empty() && pax_name != ".")
        pax_name += '/';
    else
        pax_name.clear();
    pax_name += "PaxHeaders.0";
    if (!directory)
        pax_name.append("/").append(base_name(name));

    HeaderBlock block{};
    std::string short_name = ascii_only(pax_name).substr(0, name_field.width);
    while (short_name.ends_with('/'))
        short_name.pop_back();
    put_text(block, name_field, short_name);
    for (const auto field : {mode_field, uid_field, gid_field, mtime_field})
        put_octal(block, field, 0);
    put_octal(block, size_field, body_size);
    block[type_field.at] = 'x';
    seal(block);
    return block;
}

} // namespace mica::tar
