#include "exec/copy/unpack.hh"

#include "base/error.hh"
#include "context/path_text.hh"
#include "tar/archive_stream.hh"
#include "tar/reader.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::exec {

using context::base_name;
using context::join_path;
using context::parent_path;
using tar::FileType;

namespace {

class Unpacker {
public:
    Unpacker(const CopyRules &rules, Destination &destination, Spool &spool, const std::stop_token &stop)
        : rules_{rules}, destination_{destination}, spool_{spool}, stop_{stop},
          root_{destination.resolve(rules.destination, true)}
    {
        const auto owner = rules.owner.value_or(Owner{});
        implied_ = {.mode = 0755, .uid = owner.uid, .gid = owner.gid, .mtime = rules.now};
        destination_.make_directories(root_, implied_);
    }

    void add(const tar::Entry &member, Source *body);

private:
    /// Where a member's name ends: links above it followed, itself not.
    [[nodiscard]] std::string place_of(std::string_view name) const
    {
        return join_path(destination_.resolve(parent_path(name), true, root_), base_name(name));
    }
    [[nodiscard]] NewFilePtr link_target(const tar::Entry &member) const;
    [[nodiscard]] NewFilePtr new_file(const tar::Entry &member, Source *body);

    const CopyRules &rules_;
    Destination &destination_;
    Spool &spool_;
    const std::stop_token &stop_;
    std::string root_;
    NewDirectory implied_; ///< directories that the archive has no member for
};

void Unpacker::add(const tar::Entry &member, Source *body)
{
    if (member.path.empty())
        return; // the archive's own root: the destination stays as it is
    const auto path = place_of(member.path);
    destination_.make_directories(parent_path(path), implied_);
    if (member.type == FileType::hardlink) {
        if (place_of(member.link_target) != path)
            destination_.put(path, link_target(member));
        return;
    }
    destination_.put(path, new_file(member, body));
}

NewFilePtr Unpacker::link_target(const tar::Entry &member) const
{
    auto target = destination_.made(place_of(member.link_target));
    if (!target || target->entry.type == FileType::directory)
        throw Error{ErrorKind::integrity,
                    fmt::format("\"{}\" is a hard link to \"{}\", which the archive does not have",
                                member.path, member.link_target)};
    return target;
}

NewFilePtr Unpacker::new_file(const tar::Entry &member, Source *body)
{
    auto made = std::make_shared<NewFile>();
    made->entry = member;
    if (rules_.owner) {
        made->entry.uid = rules_.owner->uid;
        made->entry.gid = rules_.owner->gid;
    }
    if (body != nullptr)
        made->content = spool_.append(*body, stop_);
    return made;
}

} // namespace

void unpack_archive(const Content &archive, const CopyRules &rules, Destination &destination, Spool &spool,
                    const std::stop_token &stop)
{
    Unpacker unpacker{rules, destination, spool, stop};
    tar::read_archive(
        tar::open_decompressed(archive),
        [&](const tar::Entry &member, Source *body) { unpacker.add(member, body); }, stop);
}

} // namespace mica::exec
