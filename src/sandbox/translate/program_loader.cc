#include "sandbox/translate/program_loader.hh"

#include "sandbox/supervisor/reply.hh"
#include "sandbox/translate/remote_calls.hh"
#include "sandbox/translate/start_block.hh"
#include <array>
#include <cerrno>
#include <elf.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <string_view>
#include <sys/mman.h>
#include <utility>

// Executing a program of another root directory
//
// execve(2) opens up to three files by itself: the program, the interpreter that the first line of a
// script names, and the dynamic loader that a program names (/lib64/ld-linux-x86-64.so.2). For all but the
// first it looks below the kernel's idea of the root directory, where the image's files are not. So the
// tracer reads the files first (launch.hh), and lets the kernel execute the last in the chain, which
// names no further one: a static program, or the loader itself.
//
// A loader that is executed on its own is a program to load another one (ld.so PROGRAM…), but each version
// of each C library has its own idea of the options, the program's name would be the loader's, and its
// words would be others. Instead the tracer does to the new process what the kernel does: it maps the
// program's segments beside the loader, and corrects the auxiliary vector, by which every loader learns
// what it is to do, before the loader's first instruction. It cannot tell the difference. The mapping is
// done by system calls that the stopped process is made to do (remote_calls.hh).
//
// For scripts, the words of the interpreter are put in front, as the kernel does. What is left: the name
// of the thread, which the kernel took from the path that it got.
//
// Two things stay as they are: /proc/PID/cmdline of a script does not show its interpreter, and
// /proc/PID/maps shows paths of the machine.

namespace mica::sandbox {
namespace {

constexpr std::size_t longest_thread_name = 15;

std::string_view thread_name(std::string_view path)
{
    return path.substr(path.rfind('/') + 1).substr(0, longest_thread_name);
}

/// Puts a program into the memory of a new process.
class Loader {
public:
    Loader(const SystemCall &memory, RemoteCalls &calls, const ElfProgram &program, std::uint64_t page)
        : memory_{memory}, calls_{calls}, program_{program}, page_{page}
    {
    }

    /// `file`: its descriptor there. Returns what is added to the program's addresses.
    std::uint64_t load(std::uint64_t file)
    {
        const auto bias = reserve();
        for (const auto &segment : program_.segments)
            place(segment, bias, file);
        return bias;
    }

private:
    [[nodiscard]] std::uint64_t down(std::uint64_t address) const { return address & ~(page_ - 1); }
    [[nodiscard]] std::uint64_t up(std::uint64_t address) const { return down(address + page_ - 1); }

    std::uint64_t map(std::uint64_t address, std::uint64_t size, int protection, int flags,
                      std::uint64_t file, std::uint64_t offset)
    {
        // The older call of narrow ABIs has its arguments in memory.
        const bool narrow = is_narrow(program_.abi);
        constexpr std::uint64_t unit = 4096;
        return calls_.call(narrow ? "mmap2" : "mmap",
                           {address, size, static_cast<std::uint64_t>(protection),
                            static_cast<std::uint64_t>(flags), file, narrow ? offset / unit : offset});
    }

    std::uint64_t reserve()
    {
        const auto low = down(program_.segments.front().address);
        const auto &last = program_.segments.back();
        const auto size = up(last.address + last.memory_size) - low;
        const int fixed = program_.is_fixed ? MAP_FIXED_NOREPLACE : 0;
        const auto at = map(program_.is_fixed ? low : 0, size, PROT_NONE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | fixed, ~std::uint64_t{0}, 0);
        if (program_.is_fixed && at != low)
            throw CallFailed{ENOMEM};
        return at - low;
    }

    void place(const Segment &segment, std::uint64_t bias, std::uint64_t file)
    {
        const auto start = segment.address + bias;
        const auto file_end = start + segment.file_size;
        const auto end = start + segment.memory_size;
        const auto into_page = start - down(start);
        if (segment.file_size > 0)
            (void)map(down(start), up(file_end) - down(start), segment.protection, MAP_PRIVATE | MAP_FIXED,
                      file, segment.offset - into_page);
        const auto rest = segment.file_size > 0 ? up(file_end) : down(start);
        if (segment.file_size > 0 && end > file_end && (segment.protection & PROT_WRITE) != 0) {
            const std::vector<std::byte> zeros(std::min(rest, end) - file_end);
            if (!zeros.empty())
                memory_.write(file_end, zeros);
        }
        if (up(end) > rest)
            (void)map(rest, up(end) - rest, segment.protection, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS,
                      ~std::uint64_t{0}, 0);
    }

    const SystemCall &memory_;
    RemoteCalls &calls_;
    const ElfProgram &program_;
    std::uint64_t page_;
};

/// Opens the program in the process, maps it, and tells the loader.
void load_program(pid_t thread, Launch &launch, const SystemCall &memory, RemoteCalls &calls,
                  StartBlock &block, HandedFiles &files)
{
    files.put(thread, std::move(launch.readable));
    // Any path will do.
    const auto text = block.auxiliary(AT_EXECFN);
    const auto file = calls.call("openat", {static_cast<std::uint32_t>(AT_FDCWD), text,
                                            static_cast<std::uint64_t>(O_RDONLY | O_CLOEXEC), 0});
    const auto page = block.auxiliary(AT_PAGESZ);
    const auto bias = Loader{memory, calls, launch.program, page != 0 ? page : 4096}.load(file);
    (void)calls.call("close", {file});
    const auto loader_base = block.auxiliary(AT_ENTRY) - launch.loader.entry;
    block.set_auxiliary(AT_PHDR, launch.program.headers + bias);
    block.set_auxiliary(AT_PHENT, launch.program.header_size);
    block.set_auxiliary(AT_PHNUM, launch.program.header_count);
    block.set_auxiliary(AT_BASE, loader_base);
    block.set_auxiliary(AT_ENTRY, launch.program.entry + bias);
}

void set_thread_name(const SystemCall &memory, RemoteCalls &calls, std::string_view name)
{
    // Below the stack, where nothing is yet.
    constexpr std::uint64_t distance = 512;
    const auto place = (calls.start().stack() - distance) & ~std::uint64_t{15};
    std::string text{name};
    text.push_back('\0');
    memory.write(place, std::as_bytes(std::span{text}));
    (void)calls.call("prctl", {PR_SET_NAME, place, 0, 0, 0});
}

} // namespace

std::vector<int> finish_launch(pid_t thread, Launch launch, HandedFiles &files)
{
    const auto abi = launch.program.abi;
    const SystemCall memory{thread, seccomp_data{}};
    RemoteCalls calls{thread, abi};
    StartBlock block{memory, abi, calls.start().stack()};
    if (launch.is_dynamic())
        load_program(thread, launch, memory, calls, block, files);
    const auto name = thread_name(launch.name);
    if (name != thread_name(launch.executed))
        set_thread_name(memory, calls, name);
    block.set_names(memory, launch.name, launch.words);
    return calls.finish(block.write(memory));
}

} // namespace mica::sandbox
