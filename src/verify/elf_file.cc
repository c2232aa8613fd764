#include "verify/elf_file.hh"

#include <algorithm>
#include <elf.h>

namespace mica::verify {

namespace {

/// Numbers at offsets, in the file's byte order; zero past its end.
class ElfReader {
public:
    ElfReader(std::string_view file, bool big_endian) : file_{file}, big_endian_{big_endian} {}

    [[nodiscard]] std::uint64_t number(std::uint64_t offset, unsigned size) const
    {
        if (offset > file_.size() || size > file_.size() - offset)
            return 0;
        std::uint64_t value = 0;
        for (unsigned i = 0; i < size; ++i) {
            const auto byte = static_cast<unsigned char>(file_[offset + (big_endian_ ? i : size - 1 - i)]);
            value = value << 8U | byte;
        }
        return value;
    }

private:
    std::string_view file_;
    bool big_endian_;
};

/// Where the fields of headers lie, which is the difference between 32 and 64 bits.
struct ElfForm {
    unsigned word, table, entry_size, entry_count, names, min_entry, section_offset, section_size;
};
constexpr ElfForm form_32{4, 0x20, 0x2e, 0x30, 0x32, 40, 0x10, 0x14};
constexpr ElfForm form_64{8, 0x28, 0x3a, 0x3c, 0x3e, 64, 0x18, 0x20};

constexpr std::uint64_t most_sections = 10'000;

} // namespace

std::optional<std::vector<ElfSection>> read_sections(std::string_view file)
{
    if (file.size() < 52 || !file.starts_with("\177ELF"))
        return std::nullopt;
    const auto &form = file[EI_CLASS] == ELFCLASS64 ? form_64 : form_32;
    const ElfReader reader{file, file[EI_DATA] == ELFDATA2MSB};
    const auto table = reader.number(form.table, form.word);
    const auto entry_size = reader.number(form.entry_size, 2);
    const auto count = reader.number(form.entry_count, 2);
    const auto names_at = reader.number(form.names, 2);
    if (table == 0 || count == 0 || count > most_sections || entry_size < form.min_entry ||
        table > file.size() || entry_size * count > file.size() - table || names_at >= count)
        return std::nullopt;
    const auto bytes_of = [&](std::uint64_t number) -> std::string_view {
        const auto header = table + number * entry_size;
        const auto offset = reader.number(header + form.section_offset, form.word);
        const auto size = reader.number(header + form.section_size, form.word);
        if (reader.number(header + 4, 4) == SHT_NOBITS || offset > file.size() || size > file.size() - offset)
            return {};
        return file.substr(offset, size);
    };
    const auto names = bytes_of(names_at);
    std::vector<ElfSection> sections;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto start = reader.number(table + i * entry_size, 4);
        const auto rest = names.substr(std::min<std::uint64_t>(start, names.size()));
        sections.push_back(
            {std::string{rest.substr(0, std::min(rest.find('\0'), rest.size()))}, bytes_of(i)});
    }
    return sections;
}

std::string printable_strings(std::string_view bytes, std::size_t most_bytes)
{
    constexpr std::size_t shortest = 6;
    std::string out;
    for (std::size_t at = 0; at < bytes.size() && out.size() < most_bytes;) {
        std::size_t end = at;
        while (end < bytes.size() && bytes[end] >= ' ' && bytes[end] <= '~')
            ++end;
        if (end - at >= shortest) {
            out.append(bytes.substr(at, std::min<std::size_t>(end - at, 4096)));
            out += '\n';
        }
        at = end + 1;
    }
    return out;
}

} // namespace mica::verify
