#include "sandbox/supervisor/proc_status.hh"

#include "base/text.hh"
#include "io/fd.hh"
#include "os/directory.hh"
#include "sandbox/supervisor/reply.hh"
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

std::string read_proc(const std::string &path)
{
    const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    std::string text;
    std::array<char, 4096> buffer{};
    while (true) {
        const auto count = file ? ::read(file.get(), buffer.data(), buffer.size()) : -1;
        if (count < 0)
            throw CallFailed{ESRCH};
        text.append(buffer.data(), static_cast<std::size_t>(count));
        // These files come whole as long as there is room for them.
        if (static_cast<std::size_t>(count) < buffer.size())
            return text;
    }
}

/// The number behind "NAME:\t"; 0 if there is none.
template <class Number> Number field(std::string_view text, std::string_view name, int base = 10)
{
    Number number{};
    const auto at = text.find(name);
    if (at != std::string_view::npos) {
        const char *digits = text.data() + at + name.size();
        std::from_chars(digits, text.data() + text.size(), number, base);
    }
    return number;
}

} // namespace

ProcStatus proc_status(pid_t thread)
{
    const auto text = read_proc(fmt::format("/proc/{}/status", thread));
    return {field<pid_t>(text, "\nTgid:\t"), field<pid_t>(text, "\nPPid:\t"),
            field<mode_t>(text, "\nUmask:\t", 8)};
}

std::vector<pid_t> children_of(pid_t process)
{
    const auto directory = fmt::format("/proc/{}/task", process);
    const Fd tasks{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!tasks)
        throw CallFailed{ESRCH};
    std::vector<pid_t> children;
    for (const auto &task : os::list_directory(tasks.get())) {
        std::string text;
        try {
            text = read_proc(fmt::format("{}/{}/children", directory, task));
        } catch (const CallFailed &) {
            continue; // a thread that ended, or a kernel without CONFIG_PROC_CHILDREN
        }
        for (const auto word : split(text, ' ')) {
            pid_t child = 0;
            std::from_chars(word.data(), word.data() + word.size(), child);
            if (child != 0)
                children.push_back(child);
        }
    }
    return children;
}

std::string proc_link(pid_t thread, std::string_view name)
{
    std::array<char, PATH_MAX> text{};
    const auto path = fmt::format("/proc/{}/{}", thread, name);
    const auto size = ::readlink(path.c_str(), text.data(), text.size());
    if (size < 0)
        throw CallFailed{errno};
    return {text.data(), static_cast<std::size_t>(size)};
}

} // namespace mica::sandbox
