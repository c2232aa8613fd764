#include "files.hh"

#include "base/text.hh"
#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <stdexcept>

namespace mica::exec::test {

using layer::Change;
using tar::FileType;

namespace {

FileType type_of(char letter)
{
    switch (letter) {
    case 'd':
        return FileType::directory;
    case 'f':
        return FileType::regular;
    case 'l':
        return FileType::symlink;
    case 'h':
        return FileType::hardlink;
    case 'p':
        return FileType::fifo;
    default:
        throw std::logic_error{"no such type of file"};
    }
}

char letter_of(FileType type)
{
    constexpr std::string_view letters = "fdlhpcb";
    return letters[static_cast<std::size_t>(type)];
}

/// Words up to the path; the path is the rest.
Change change_of(const std::string &line)
{
    Change change{Change::Kind::upsert, {}, nullptr};
    auto &entry = change.entry;
    entry.type = type_of(line.at(0));
    entry.mode = entry.type == FileType::directory ? 0755 : entry.type == FileType::symlink ? 0777 : 0644;
    std::string rest = line.substr(2);
    if (rest.starts_with('0')) {
        entry.mode = static_cast<std::uint32_t>(std::stoul(rest, nullptr, 8));
        rest = rest.substr(rest.find(' ') + 1);
    }
    if (const auto space = rest.find(' ');
        space != std::string::npos && rest.substr(0, space).find(':') != std::string::npos) {
        entry.uid = static_cast<std::uint32_t>(std::stoul(rest));
        entry.gid = static_cast<std::uint32_t>(std::stoul(rest.substr(rest.find(':') + 1)));
        rest = rest.substr(space + 1);
    }
    const auto cut = rest.find_first_of(entry.type == FileType::regular ? "=" : ">");
    entry.path = rest.substr(0, cut);
    const auto value = cut == std::string::npos ? std::string{} : rest.substr(cut + 1);
    if (entry.type == FileType::regular) {
        entry.size = value.size();
        change.content = value.empty() ? nullptr : std::make_shared<StringContent>(value);
    } else {
        entry.link_target = value;
    }
    return change;
}

std::string line_of(const tar::Entry &entry)
{
    auto line = fmt::format("{} {:04o} {}:{} {}", letter_of(entry.type), entry.mode, entry.uid, entry.gid,
                            entry.path);
    if (!entry.link_target.empty())
        line += ">" + entry.link_target;
    return line;
}

} // namespace

std::vector<Change> changes_of(const std::vector<std::string> &lines)
{
    std::vector<Change> changes;
    for (const auto &line : lines)
        changes.push_back(change_of(line));
    return changes;
}

layer::FileTree tree_of(const std::vector<std::string> &lines)
{
    layer::FileTree tree;
    layer::ChangeList changes{changes_of(lines)};
    tree.apply_layer(changes, 0, {});
    return tree;
}

ContentProvider provider_of(const std::vector<std::string> &lines)
{
    auto contents = std::make_shared<std::map<std::string, ContentPtr>>();
    for (const auto &change : changes_of(lines))
        contents->emplace(change.entry.path, change.content);
    return [contents](const layer::Inode &inode) { return contents->at(inode.path_in_layer); };
}

std::vector<std::string> describe(const std::vector<Change> &changes)
{
    std::vector<std::string> lines;
    for (const auto &change : changes) {
        if (change.kind == Change::Kind::opaque) {
            lines.push_back("o " + change.entry.path);
            continue;
        }
        auto line = line_of(change.entry);
        if (change.content)
            line += "=" + read_all(*change.content->open());
        lines.push_back(std::move(line));
    }
    return lines;
}

std::vector<std::string> describe(const layer::FileTree &tree)
{
    std::vector<std::string> lines;
    tree.walk([&](const std::string &path, const layer::FileTree::InodePtr &inode) {
        tar::Entry entry;
        entry.path = path;
        entry.type = inode->type;
        entry.mode = inode->mode;
        entry.uid = inode->uid;
        entry.gid = inode->gid;
        entry.link_target = inode->symlink;
        if (!path.empty())
            lines.push_back(line_of(entry));
    });
    return lines;
}

std::vector<Change> CopyCase::changes() const
{
    const auto view = view_of(tree_of(source), provider_of(source));
    const auto tree = tree_of(destination);
    CopyRequest request{.step = step,
                        .source = *view,
                        .destination = layer::lookup_in(tree),
                        .owner = owner,
                        .now = from_unix(build_time),
                        .scratch = scratch.path(),
                        .fetch = fetch};
    auto changes = plan_copy(request, {});
    request.reads_ahead = true; // which changes nothing
    BOOST_TEST(describe(plan_copy(request, {})) == describe(changes), boost::test_tools::per_element());
    return changes;
}

std::vector<std::string> CopyCase::paths() const
{
    std::vector<std::string> result;
    for (const auto &change : changes())
        result.push_back(change.entry.path);
    return result;
}

layer::FileTree CopyCase::applied() const
{
    auto tree = tree_of(destination);
    layer::ChangeList list{changes()};
    tree.apply_layer(list, 1, {});
    return tree;
}

} // namespace mica::exec::test
