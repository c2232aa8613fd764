// Many small random COPYs, compared with a model that knows only flat maps of paths and
// does one thing after the other, as cp(1) on a disk would.
#include "exec/copy/copy.hh"
#include "files.hh"
#include "layer/change.hh"
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <map>
#include <random>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;

namespace {

struct Thing {
    char type = 'd';
    std::uint32_t mode = 0755, uid = 0;
    std::string bytes;
    bool operator==(const Thing &) const = default;
};
using Disk = std::map<std::string, Thing>; ///< no entry for the root

struct Refused {};

Lines lines_of(const Disk &disk)
{
    Lines lines;
    for (const auto &[path, thing] : disk)
        lines.push_back(fmt::format("{} {:04o} {}:0 {}{}{}", thing.type, thing.mode, thing.uid, path,
                                    thing.type == 'd' ? "" : "=", thing.bytes));
    return lines;
}

bool is_directory(const Disk &disk, const std::string &path)
{
    return path.empty() || (disk.contains(path) && disk.at(path).type == 'd');
}

std::string above(const std::string &path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "" : path.substr(0, slash);
}

void make_directory(Disk &disk, const std::string &path)
{
    if (is_directory(disk, path))
        return;
    if (disk.contains(path))
        throw Refused{};
    make_directory(disk, above(path));
    disk[path] = {};
}

void copy_thing(Disk &disk, const Thing &thing, const std::string &to)
{
    if (disk.contains(to) && (disk.at(to).type == 'd') != (thing.type == 'd'))
        throw Refused{};
    disk[to] = thing;
}

/// The model: `source` (a path) to `to`, which ends in a slash if it must be a directory.
void copy_model(const Disk &from, const std::string &source, Disk &disk, std::string to)
{
    const bool slash = to.ends_with('/');
    to = to.substr(1, to.size() - 1 - (slash && to.size() > 1 ? 1 : 0));
    make_directory(disk, slash ? to : above(to));
    if (!is_directory(from, source)) {
        const auto name = source.substr(source.rfind('/') + 1);
        const auto target = is_directory(disk, to) ? (to.empty() ? name : to + "/" + name) : to;
        copy_thing(disk, from.at(source), target);
        return;
    }
    if (disk.contains(to) && !is_directory(disk, to))
        throw Refused{};
    make_directory(disk, to);
    const auto prefix = source.empty() ? "" : source + "/";
    for (const auto &[path, thing] : from) { // sorted: a directory comes before what is in it
        if (path.starts_with(prefix))
            copy_thing(disk, thing, (to.empty() ? "" : to + "/") + path.substr(prefix.size()));
    }
}

class Random {
public:
    explicit Random(unsigned seed) : random_{seed} {}
    unsigned below(unsigned n) { return std::uniform_int_distribution<unsigned>{0, n - 1}(random_); }

    Disk disk(const char *tag)
    {
        Disk disk;
        for (unsigned i = below(7); i > 0; --i) {
            const auto path = this->path();
            try {
                make_directory(disk, above(path));
            } catch (const Refused &) {
                continue;
            }
            if (!disk.contains(path))
                disk[path] = below(2) == 0
                                 ? Thing{'d', modes[below(3)], below(3), ""}
                                 : Thing{'f', modes[below(3)], below(3), fmt::format("{}{}", tag, i)};
        }
        return disk;
    }
    std::string path()
    {
        std::string path{letters[below(3)]};
        for (unsigned depth = below(3); depth > 0; --depth)
            path += std::string{"/"} + letters[below(3)];
        return path;
    }

private:
    static constexpr char letters[] = {'a', 'b', 'c'};
    static constexpr std::uint32_t modes[] = {0755, 0700, 0644};
    std::mt19937 random_;
};

/// What is there after the changes: the base's bytes, or those that came with them.
Disk disk_after(const CopyCase &c, const Disk &base)
{
    const auto changes = c.changes();
    BOOST_TEST(std::is_sorted(changes.begin(), changes.end(), [](const auto &a, const auto &b) {
        return layer::path_less(a.entry.path, b.entry.path);
    }));
    std::map<std::string, std::string> bytes;
    for (const auto &change : changes)
        bytes[change.entry.path] = change.content ? read_all(*change.content->open()) : "";
    Disk disk;
    c.applied().walk([&](const std::string &path, const layer::FileTree::InodePtr &inode) {
        if (path.empty())
            return;
        const bool directory = inode->type == tar::FileType::directory;
        Thing thing{directory ? 'd' : 'f', inode->mode, inode->uid, ""};
        if (!directory)
            thing.bytes = inode->layer == 1 ? bytes.at(inode->path_in_layer) : base.at(path).bytes;
        disk[path] = thing;
    });
    return disk;
}

void compare_once(unsigned seed)
{
    Random random{seed};
    const auto from = random.disk("new");
    const auto base = random.disk("old");
    CopyCase c{{}, "/" + (random.below(6) == 0 ? "" : random.path()) + (random.below(2) == 0 ? "/" : "")};
    if (c.step.destination == "//")
        c.step.destination = "/";
    c.source = lines_of(from);
    c.destination = lines_of(base);
    for (unsigned i = 1 + random.below(2); i > 0; --i) {
        auto at = from.begin();
        std::advance(at, random.below(static_cast<unsigned>(from.size()) + 1));
        c.step.sources.push_back(at == from.end() ? "." : at->first);
    }
    std::optional<Disk> expected = base;
    try {
        for (const auto &source : c.step.sources) {
            const bool several = c.step.sources.size() > 1;
            const bool file = source != "." && !is_directory(from, source);
            const auto place = c.step.destination.substr(1);
            if (several && file && !c.step.destination.ends_with('/') && !is_directory(*expected, place))
                throw Refused{};
            copy_model(from, source == "." ? "" : source, *expected, c.step.destination);
        }
    } catch (const Refused &) {
        expected.reset();
    }
    BOOST_TEST_CONTEXT("seed " << seed << ", to " << c.step.destination)
    {
        if (expected)
            BOOST_TEST(lines_of(disk_after(c, base)) == lines_of(*expected),
                       boost::test_tools::per_element());
        else
            BOOST_CHECK_THROW((void)c.changes(), Error);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(copy_property)

BOOST_AUTO_TEST_CASE(gives_what_copying_on_a_disk_would_give)
{
    for (unsigned seed = 0; seed < 2000; ++seed)
        compare_once(seed);
}

BOOST_AUTO_TEST_SUITE_END()
