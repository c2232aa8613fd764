#include "sandbox/translate/program_file.hh"

#include "sandbox/supervisor/reply.hh"
#include <algorithm>
#include <bit>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <elf.h>
#include <span>
#include <sys/mman.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

constexpr std::size_t most_headers = 512;

[[noreturn]] void refuse()
{
    throw CallFailed{ENOEXEC};
}

void read_exactly(int file, std::span<std::byte> into, std::uint64_t offset)
{
    if (offset > static_cast<std::uint64_t>(LLONG_MAX) ||
        ::pread(file, into.data(), into.size(), static_cast<off_t>(offset)) !=
            static_cast<ssize_t>(into.size()))
        refuse();
}

template <class Value> Value read_value(int file, std::uint64_t offset)
{
    Value value{};
    read_exactly(file, std::as_writable_bytes(std::span{&value, 1}), offset);
    return value;
}

/// nullopt for another machine's.
std::optional<Abi> abi_of(unsigned char width, std::uint16_t machine)
{
    const auto is = [&](Abi abi) {
        return std::ranges::find(machine_abis(), abi) != machine_abis().end() ? std::optional{abi}
                                                                              : std::nullopt;
    };
    if (width == ELFCLASS64 && machine == EM_X86_64)
        return is(Abi::x86_64);
    if (width == ELFCLASS32 && machine == EM_386)
        return is(Abi::i386);
    if (width == ELFCLASS64 && machine == EM_AARCH64)
        return is(Abi::aarch64);
    return std::nullopt;
}

int protection_of(std::uint32_t flags)
{
    return ((flags & PF_R) != 0 ? PROT_READ : 0) | ((flags & PF_W) != 0 ? PROT_WRITE : 0) |
           ((flags & PF_X) != 0 ? PROT_EXEC : 0);
}

std::string read_interpreter(int file, std::uint64_t offset, std::uint64_t size)
{
    if (size < 2 || size > PATH_MAX)
        refuse();
    std::string text(size, '\0');
    read_exactly(file, std::as_writable_bytes(std::span{text}), offset);
    if (text.back() != '\0')
        refuse();
    text.resize(text.find('\0'));
    return text;
}

template <class Header, class ProgramHeader> ElfProgram read_headers(int file, Abi abi)
{
    const auto header = read_value<Header>(file, 0);
    if ((header.e_type != ET_EXEC && header.e_type != ET_DYN) ||
        header.e_phentsize != sizeof(ProgramHeader) || header.e_phnum == 0 || header.e_phnum > most_headers)
        refuse();
    ElfProgram program;
    program.abi = abi;
    program.is_fixed = header.e_type == ET_EXEC;
    program.entry = header.e_entry;
    program.header_count = header.e_phnum;
    program.header_size = header.e_phentsize;
    for (unsigned i = 0; i < header.e_phnum; ++i) {
        const auto part =
            read_value<ProgramHeader>(file, std::uint64_t{header.e_phoff} + i * sizeof(ProgramHeader));
        if (part.p_type == PT_INTERP)
            program.interpreter = read_interpreter(file, part.p_offset, part.p_filesz);
        if (part.p_type != PT_LOAD || part.p_memsz == 0)
            continue;
        constexpr std::uint64_t largest = std::uint64_t{1} << 47U;
        if (part.p_filesz > part.p_memsz || part.p_vaddr > largest || part.p_memsz > largest)
            refuse();
        program.segments.push_back(
            {part.p_vaddr, part.p_memsz, part.p_offset, part.p_filesz, protection_of(part.p_flags)});
        if (header.e_phoff >= part.p_offset && header.e_phoff - part.p_offset < part.p_filesz)
            program.headers = header.e_phoff - part.p_offset + part.p_vaddr;
    }
    if (program.segments.empty())
        refuse();
    std::ranges::sort(program.segments, {}, &Segment::address);
    return program;
}

} // namespace

std::optional<Script> parse_script(std::string_view start)
{
    if (!start.starts_with("#!"))
        return std::nullopt;
    start.remove_prefix(2);
    const auto end = start.find('\n');
    auto line = start.substr(0, end);
    constexpr std::string_view blanks = " \t";
    const auto skip = [&](std::string_view text) {
        const auto first = text.find_first_not_of(blanks);
        return first == std::string_view::npos ? std::string_view{} : text.substr(first);
    };
    line = skip(line);
    const auto last = line.find_last_not_of(blanks);
    line = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
    const auto blank = line.find_first_of(blanks);
    Script script{std::string{line.substr(0, blank)}, std::nullopt};
    // A line that is cut off may be cut in the interpreter's name (Linux 5.0 refuses that).
    if (script.interpreter.empty() ||
        (end == std::string_view::npos && blank == std::string_view::npos && start.size() + 2 >= 256))
        refuse();
    if (blank != std::string_view::npos)
        script.argument = std::string{skip(line.substr(blank))};
    return script;
}

ElfProgram read_elf(int file)
{
    const auto start = read_value<Elf32_Ehdr>(file, 0); // machine and type lie alike in both widths
    if (!std::ranges::equal(std::span{start.e_ident}.first(SELFMAG), std::string_view{ELFMAG},
                            [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); }) ||
        start.e_ident[EI_DATA] != (std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB))
        refuse();
    const auto abi = abi_of(start.e_ident[EI_CLASS], start.e_machine);
    if (!abi)
        refuse();
    return is_narrow(*abi) ? read_headers<Elf32_Ehdr, Elf32_Phdr>(file, *abi)
                           : read_headers<Elf64_Ehdr, Elf64_Phdr>(file, *abi);
}

} // namespace mica::sandbox
