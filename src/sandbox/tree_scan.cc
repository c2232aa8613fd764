#include "sandbox/tree_scan.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "os/check.hh"
#include "os/directory.hh"
#include "os/path_walk.hh"
#include "sandbox/entry_reader.hh"
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

// Finding changes without an overlay
//
// A plain directory does not tell what a command did to it. Reading every file and hashing it
// would: Kaniko does that, and a RUN then costs as much as the image is large. But no process
// without very special privileges can change a file and leave its ctime as it was: the kernel
// sets it on every write, chmod, chown, link, unlink and rename, and no call sets it back. So a
// walk that compares (inode, ctime, type) with what the last walk saw finds every file that was
// touched, at the cost of one stat a file: about 3 ms for a thousand.
//
// Two things need care. The clock behind ctime ticks in steps of up to 10 ms on kernels before
// 6.13: a file changed in the same tick as it was seen would look untouched. So the snapshot is
// complete only when the clock has moved on, which a probe file tells. And a directory is touched
// by whatever happens in it: it is listed with its old time, and step_changes() leaves it out if
// it is otherwise as before.

namespace mica::sandbox {

struct TreeSnapshot::Node {
    std::string name;
    ino_t inode = 0;
    mode_t type = 0;
    timespec changed{}, modified{};
    std::int64_t born = 0;      ///< of directories, if the file system knows: nanoseconds
    std::vector<Node> children; ///< sorted bytewise
};

namespace {

using Node = TreeSnapshot::Node;

bool later(const timespec &a, const timespec &b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

bool same(const timespec &a, const timespec &b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

Node node_of(std::string name, const struct stat &status)
{
    return {std::move(name), status.st_ino, status.st_mode & S_IFMT, status.st_ctim, status.st_mtim, 0, {}};
}

/// An inode number is used again soon; a directory removed and made anew is a new one all the same.
std::int64_t birth_of(int parent, const std::string &name)
{
    struct statx status{};
    if (::statx(parent, name.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BTIME, &status) != 0 ||
        (status.stx_mask & STATX_BTIME) == 0)
        return 0;
    return nanoseconds({status.stx_btime.tv_sec, static_cast<long>(status.stx_btime.tv_nsec)});
}

bool untouched(const Node &before, const Node &now)
{
    return before.inode == now.inode && before.type == now.type && same(before.changed, now.changed);
}

/// Walks the directory and, beside it, what the last walk saw.
class Scan {
public:
    /// `report`: whether anybody wants to know what changed.
    explicit Scan(bool report, const FileRecords *records = nullptr)
        : report_{report}, reader_{OverlayForm::user, records}
    {
    }

    Node root(int root, const Node *before)
    {
        struct stat status{};
        os::check(::fstat(root, &status), "stat of the root directory");
        Node now = node_of("", status);
        newest_ = status.st_ctim;
        if (report_)
            add(root, ".", "", status, before);
        directory(root, "", now, before);
        return now;
    }
    [[nodiscard]] const timespec &newest() const { return newest_; }
    std::vector<UpperEntry> take() { return std::move(entries_); }

private:
    void directory(int at, const std::string &path, Node &now, const Node *before);
    Node child(int parent, const std::string &name, const std::string &path, const Node *before);
    void add(int parent, const std::string &name, const std::string &path, const struct stat &status,
             const Node *before);
    void add_whiteout(const std::string &path);

    bool report_;
    timespec newest_{};
    EntryReader reader_;
    std::vector<UpperEntry> entries_;
};

std::string below(const std::string &path, const std::string &name)
{
    return path.empty() ? name : path + '/' + name;
}

void Scan::directory(int at, const std::string &path, Node &now, const Node *before)
{
    static const std::vector<Node> nothing;
    const auto &old = before != nullptr ? before->children : nothing;
    auto next = old.begin();
    for (const auto &name : os::list_directory(at)) {
        for (; next != old.end() && next->name < name; ++next)
            add_whiteout(below(path, next->name));
        const bool known = next != old.end() && next->name == name;
        now.children.push_back(child(at, name, below(path, name), known ? &*next : nullptr));
        if (known)
            ++next;
    }
    for (; next != old.end(); ++next)
        add_whiteout(below(path, next->name));
}

Node Scan::child(int parent, const std::string &name, const std::string &path, const Node *before)
{
    struct stat status{};
    os::check(::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW), path);
    if (later(status.st_ctim, newest_))
        newest_ = status.st_ctim;
    Node now = node_of(name, status);
    if (S_ISSOCK(status.st_mode)) {
        if (before != nullptr && before->type != S_IFSOCK)
            add_whiteout(path);
        return now;
    }
    if (report_ && (before == nullptr || !untouched(*before, now)))
        add(parent, name, path, status, before);
    if (S_ISDIR(status.st_mode)) {
        now.born = birth_of(parent, name);
        const bool was_directory = before != nullptr && before->type == S_IFDIR;
        // As overlayfs has it: a directory in the place of another one hides what that one had.
        const bool is_another = was_directory && (before->inode != now.inode || before->born != now.born);
        if (is_another && report_)
            entries_.back().opaque = true;
        const Fd inside = os::open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
        directory(inside.get(), path, now, was_directory && !is_another ? before : nullptr);
    }
    return now;
}

void Scan::add(int parent, const std::string &name, const std::string &path, const struct stat &status,
               const Node *before)
{
    entries_.push_back(reader_.read(parent, name, path, status));
    if (before != nullptr && before->type == S_IFDIR)
        entries_.back().earlier_mtime = nanoseconds(before->modified);
}

void Scan::add_whiteout(const std::string &path)
{
    if (!report_)
        return;
    UpperEntry gone;
    gone.kind = UpperEntry::Kind::whiteout;
    gone.path = path;
    entries_.push_back(std::move(gone));
}

/// Until a file of the same file system that is changed now gets a time after `newest`.
void wait_for_later_time(int root, const timespec &newest)
{
    constexpr auto tick = std::chrono::milliseconds{1};
    constexpr int longest_tick = 20;
    for (int i = 0; i < longest_tick; ++i) {
        // A nameless file: the directory itself must not be touched.
        const Fd probe{::openat(root, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600)};
        struct stat status{};
        if (probe && ::fstat(probe.get(), &status) == 0 && later(status.st_ctim, newest))
            return;
        std::this_thread::sleep_for(tick);
    }
}

/// Every name of the inode below the node.
void forgive_names(Node &node, ino_t inode, const MovedFile &file)
{
    if (node.inode == inode && node.type != S_IFDIR && same(node.changed, file.changed_before))
        node.changed = file.changed_after;
    for (Node &child : node.children)
        forgive_names(child, inode, file);
}

} // namespace

TreeSnapshot::TreeSnapshot(int root)
{
    Scan scan{false};
    root_ = std::make_unique<Node>(scan.root(root, nullptr));
    wait_for_later_time(root, scan.newest());
}

TreeSnapshot::~TreeSnapshot() = default;
TreeSnapshot::TreeSnapshot(TreeSnapshot &&) noexcept = default;
TreeSnapshot &TreeSnapshot::operator=(TreeSnapshot &&) noexcept = default;

void TreeSnapshot::forgive(const MovedFile &file)
{
    Node *node = root_.get();
    for (const auto name : split(file.path, '/')) {
        const auto found = std::ranges::lower_bound(node->children, name, {}, &Node::name);
        if (found == node->children.end() || found->name != name)
            return; // new in this step
        node = &*found;
    }
    if (file.has_other_names)
        forgive_names(*root_, node->inode, file);
    else if (same(node->changed, file.changed_before))
        node->changed = file.changed_after;
}

std::vector<UpperEntry> TreeSnapshot::update(int root, const FileRecords *records)
{
    Scan scan{true, records};
    root_ = std::make_unique<Node>(scan.root(root, root_.get()));
    wait_for_later_time(root, scan.newest());
    return scan.take();
}

} // namespace mica::sandbox
