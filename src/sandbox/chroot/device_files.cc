#include "sandbox/chroot/device_files.hh"

#include "os/check.hh"
#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

namespace mica::sandbox {
namespace fs = std::filesystem;

namespace {

struct Node {
    const char *path;
    unsigned major, minor;
};
constexpr std::array<Node, 6> nodes{{{"/dev/null", 1, 3},
                                     {"/dev/zero", 1, 5},
                                     {"/dev/full", 1, 7},
                                     {"/dev/random", 1, 8},
                                     {"/dev/urandom", 1, 9},
                                     {"/dev/tty", 5, 0}}};

/// VirtualProc answers for what they lead to.
constexpr std::array<std::pair<const char *, const char *>, 4> links{{{"fd", "/proc/self/fd"},
                                                                      {"stdin", "/proc/self/fd/0"},
                                                                      {"stdout", "/proc/self/fd/1"},
                                                                      {"stderr", "/proc/self/fd/2"}}};

void make_directory(const fs::path &path, unsigned mode)
{
    os::check(::mkdir(path.c_str(), 0700), path.native());
    os::check(::chmod(path.c_str(), mode), path.native());
}

constexpr mode_t mode_of_nodes = 0666;

/// A node that can be opened, too: some containers may make them and not use them.
bool make_node(const fs::path &path, const Node &node)
{
    if (::mknod(path.c_str(), S_IFCHR | mode_of_nodes, ::makedev(node.major, node.minor)) != 0)
        return false;
    // The terminal, when there is none (ENXIO), is as good as the machine's.
    const Fd opened{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if ((opened || errno == ENXIO) && ::chmod(path.c_str(), mode_of_nodes) == 0)
        return true;
    ::unlink(path.c_str());
    return false;
}

void record_node(const fs::path &path, const Node &node, FileRecords &records)
{
    struct statx status{};
    os::check(::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, record_mask, &status), path.native());
    records.change(key_of(status), [&](FileRecord &record) {
        record.device_type = S_IFCHR;
        record.major = node.major;
        record.minor = node.minor;
    });
}

} // namespace

const char *machine_device(unsigned major, unsigned minor)
{
    const auto found = std::ranges::find_if(
        nodes, [&](const Node &node) { return node.major == major && node.minor == minor; });
    return found != nodes.end() ? found->path : nullptr;
}

DeviceFiles::DeviceFiles(const SupervisedTree &tree, const std::filesystem::path &directory,
                         FileRecords *records)
    : tree_{tree}
{
    make_directory(directory, 0755);
    for (const char *name : {"pts", "mqueue"})
        make_directory(directory / name, 0755);
    make_directory(directory / "shm", 01777);
    for (const auto &[name, target] : links)
        os::check(::symlink(target, (directory / name).c_str()), name);
    for (const Node &node : nodes) {
        const auto path = directory / fs::path{node.path}.filename();
        if (records == nullptr && make_node(path, node))
            continue;
        const Fd file = open_file(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        os::check(::fchmod(file.get(), mode_of_nodes), path.native());
        if (records == nullptr)
            opened_here_.insert(node.path);
        else
            record_node(path, node, *records);
    }
}

Reply DeviceFiles::open(const SystemCall &call, const PathArguments &arguments, std::uint64_t flags) const
{
    const auto text = path_of(call, arguments.path);
    if (!text)
        return Reply::pass();
    const auto path = from_root(call, *text, arguments, tree_);
    if (!opened_here_.contains(path))
        return Reply::pass();
    constexpr int dropped = O_CREAT | O_EXCL | O_TRUNC;
    const int wanted = (static_cast<int>(flags) & ~dropped) | O_NOCTTY;
    Fd device{::open(path.c_str(), wanted | O_CLOEXEC)};
    if (!device)
        throw CallFailed{errno};
    return Reply::descriptor(std::move(device), (wanted & O_CLOEXEC) != 0);
}

void DeviceFiles::attach(Dispatch &dispatch)
{
    if (opened_here_.empty())
        return;
    dispatch.on("open", [this](SystemCall &call) { return open(call, {0, std::nullopt}, call.word(1)); });
    dispatch.on("openat", [this](SystemCall &call) { return open(call, {1, 0U}, call.word(2)); });
}

} // namespace mica::sandbox
