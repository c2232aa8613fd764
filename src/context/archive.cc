#include "context/archive.hh"

#include "base/error.hh"
#include "context/memory_tree.hh"
#include "io/spool.hh"
#include "tar/archive_stream.hh"
#include "tar/reader.hh"
#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace mica::context {

namespace {

void add_link(MemoryTree &tree, const tar::Entry &member)
{
    if (!tree.link(member.path, member.link_target))
        throw Error{ErrorKind::integrity,
                    fmt::format("\"{}\" is a hard link to \"{}\", which the archive does not have",
                                member.path, member.link_target)};
}

} // namespace

ArchiveTree open_archive(const Content &archive, std::string name, const std::filesystem::path &scratch,
                         const std::stop_token &stop)
{
    auto tree = std::make_shared<MemoryTree>(name);
    std::optional<Time> newest;
    Spool spool{scratch};
    const auto add = [&](const tar::Entry &member, Source *body) {
        if (member.type == tar::FileType::hardlink)
            return add_link(*tree, member);
        if (member.type == tar::FileType::regular)
            newest = newest ? std::max(*newest, member.mtime) : member.mtime;
        tree->put(member, body == nullptr ? nullptr : spool.append(*body, stop));
    };
    in_context([&] { return "reading " + name; },
               [&] { tar::read_archive(tar::open_decompressed(archive), add, stop); });
    return {std::move(tree), newest};
}

std::shared_ptr<const Context> single_file_context(tar::Entry entry, ContentPtr content)
{
    auto tree = std::make_shared<MemoryTree>(entry.path);
    tree->put(std::move(entry), std::move(content));
    return tree;
}

std::shared_ptr<const Context> empty_context(std::string name)
{
    return std::make_shared<const MemoryTree>(std::move(name));
}

} // namespace mica::context
