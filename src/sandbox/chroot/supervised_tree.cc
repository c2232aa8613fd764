#include "sandbox/chroot/supervised_tree.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include "os/directory.hh"
#include "os/thread_facts.hh"
#include <charconv>
#include <fcntl.h>

namespace mica::sandbox {

bool SupervisedTree::has(pid_t process) const
{
    // A process that ends on the way leaves its children to the first one, so a chain that breaks
    // belonged to somebody who is gone.
    try {
        const pid_t init = init_;
        for (pid_t at = process; at > 1;) {
            const pid_t parent = os::facts_of(at).parent;
            if (parent == init)
                return true;
            at = parent;
        }
    } catch (const Error &) {
        return false;
    }
    return false;
}

std::vector<pid_t> SupervisedTree::processes() const
{
    std::vector<pid_t> found;
    const Fd proc = open_file("/proc", O_RDONLY | O_DIRECTORY);
    for (const auto &name : os::list_directory(proc.get())) {
        pid_t pid = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (error == std::errc{} && end == name.data() + name.size() && has(pid))
            found.push_back(pid);
    }
    return found;
}

bool SupervisedTree::contains(std::string_view path) const
{
    if (root_ == "/")
        return path.starts_with('/');
    return path.starts_with(root_) && (path.size() == root_.size() || path[root_.size()] == '/');
}

std::string SupervisedTree::seen_inside(std::string path) const
{
    if (root_ == "/" || !contains(path))
        return path;
    return path.size() == root_.size() ? "/" : path.substr(root_.size());
}

} // namespace mica::sandbox
