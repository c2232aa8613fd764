#include "exec/copy/copier.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "context/path_text.hh"
#include <fmt/format.h>
#include <map>
#include <utility>
#include <vector>

namespace mica::exec {

using context::join_path;
using tar::FileType;

NewDirectory CopyRules::created_directory() const
{
    const auto by = owner.value_or(Owner{});
    return {.mode = mode ? mode->for_created_directory() : 0755, .uid = by.uid, .gid = by.gid, .mtime = now};
}

tar::Entry CopyRules::adapted(tar::Entry entry) const
{
    if (owner) {
        entry.uid = owner->uid;
        entry.gid = owner->gid;
    }
    if (mode && entry.type != FileType::symlink)
        entry.mode = mode->apply(entry.mode, entry.type == FileType::directory);
    return entry;
}

bool CopyRules::means_directory() const
{
    return destination.empty() || destination.ends_with('/') || destination == "." ||
           destination.ends_with("/.");
}

/// One source being walked. Directories that no pattern names are created only when
/// something in them is copied; those wait in `pending_`.
class Copier::Walk {
public:
    Walk(const Copier &copier, const SourceView &view, const context::IgnoreList *wanted)
        : rules_{copier.rules_}, destination_{copier.destination_}, stop_{copier.stop_}, view_{view},
          wanted_{wanted}
    {
    }

    /// `below` is the path as the patterns see it: from the source down.
    void contents(const std::string &from, const std::string &below, const std::string &to);
    void file(tar::Entry entry, const std::string &from, const std::string &to);
    [[nodiscard]] bool copied() const { return copied_; }

private:
    struct Pending {
        tar::Entry entry;
        std::string to;
        bool done = false;
    };
    struct Verdict {
        bool take = false;    ///< the thing itself
        bool descend = false; ///< a directory's contents
    };

    Verdict judge(const std::string &below) const;
    void make_pending();
    void put_directory(tar::Entry entry, const std::string &to);
    NewFilePtr new_file(tar::Entry entry, const std::string &from);

    const CopyRules &rules_;
    Destination &destination_;
    const std::stop_token &stop_;
    const SourceView &view_;
    const context::IgnoreList *wanted_; ///< null: everything
    std::vector<Pending> pending_;
    std::map<std::uint64_t, NewFilePtr> links_;
    bool copied_ = false;
};

Copier::Walk::Verdict Copier::Walk::judge(const std::string &below) const
{
    const bool excluded = rules_.excludes.matches_or_parent(below);
    const bool wanted = wanted_ == nullptr || wanted_->matches_or_parent(below);
    const bool more_wanted = wanted || wanted_->may_match_below(below);
    return {.take = wanted && !excluded,
            .descend = more_wanted && (!excluded || rules_.excludes.may_have_exceptions_below(below))};
}

void Copier::Walk::contents(const std::string &from, const std::string &below, const std::string &to)
{
    for (const auto &name : view_.list(from)) {
        throw_if_stopped(stop_);
        const auto below_this = join_path(below, name);
        const auto verdict = judge(below_this);
        if (!verdict.take && !verdict.descend)
            continue;
        const auto from_this = join_path(from, name);
        const auto to_this = join_path(to, name);
        auto entry = view_.find(from_this);
        if (!entry)
            continue; // it vanished since it was listed
        if (entry->type != FileType::directory) {
            if (verdict.take)
                file(std::move(*entry), from_this, to_this);
            continue;
        }
        if (verdict.take) {
            make_pending();
            put_directory(*entry, to_this);
        }
        if (verdict.descend) {
            pending_.push_back({std::move(*entry), to_this, verdict.take});
            contents(from_this, below_this, to_this);
            pending_.pop_back();
        }
    }
}

void Copier::Walk::file(tar::Entry entry, const std::string &from, const std::string &to)
{
    make_pending();
    if (destination_.is_directory(to))
        throw Error{ErrorKind::dockerfile,
                    fmt::format("cannot replace to directory \"/{}\" with file \"/{}\"", to, from)};
    destination_.put(to, new_file(std::move(entry), from));
    copied_ = true;
}

/// A directory that is there takes the source's mode and owner, as one that is created does.
void Copier::Walk::put_directory(tar::Entry entry, const std::string &to)
{
    const auto there = destination_.type(to);
    if (there && there != FileType::directory)
        throw Error{ErrorKind::dockerfile, fmt::format("cannot copy to non-directory: \"/{}\"", to)}
            .with_hint(there == FileType::symlink
                           ? "it is a symbolic link in the image; copy to the directory that it leads to"
                           : "it is a file in the image; remove it in a RUN before");
    auto made = std::make_shared<NewFile>();
    made->entry = rules_.adapted(std::move(entry));
    destination_.put(to, std::move(made));
    copied_ = true;
}

void Copier::Walk::make_pending()
{
    for (auto &parent : pending_) {
        // One that is there is only passed through.
        if (!parent.done && !destination_.is_directory(parent.to))
            put_directory(std::move(parent.entry), parent.to);
        parent.done = true;
    }
}

NewFilePtr Copier::Walk::new_file(tar::Entry entry, const std::string &from)
{
    const bool regular = entry.type == FileType::regular;
    const auto id = regular ? view_.link_id(from) : 0;
    if (id != 0) {
        if (const auto known = links_.find(id); known != links_.end())
            return known->second;
    }
    auto made = std::make_shared<NewFile>();
    if (regular && entry.size > 0)
        made->content = view_.content(from);
    made->entry = rules_.adapted(std::move(entry));
    if (id != 0)
        links_.emplace(id, made);
    return made;
}

std::string Copier::prepare_target()
{
    const auto &text = rules_.destination;
    const auto above = rules_.means_directory() ? std::string_view{text} : context::parent_path(text);
    destination_.make_directories(destination_.resolve(above, true), rules_.created_directory());
    return destination_.resolve(text, true);
}

void Copier::copy(const SourceView &view, const SourceMatch &source)
{
    auto entry = view.find(source.path);
    if (!entry)
        throw Error{ErrorKind::not_found, fmt::format("\"/{}\": not found", source.path)};
    auto target = prepare_target();
    Walk walk{*this, view, nullptr};
    if (entry->type != FileType::directory) {
        if (destination_.is_directory(target))
            target = join_path(target, context::base_name(source.name));
        walk.file(std::move(*entry), source.path, target);
        return;
    }
    if (const auto there = destination_.type(target); there && there != FileType::directory)
        throw Error{ErrorKind::dockerfile, fmt::format("cannot copy to non-directory: \"/{}\"", target)};
    destination_.make_directories(target, rules_.created_directory());
    walk.contents(source.path, {}, target);
}

bool Copier::copy_selected(const SourceView &view, const std::string &directory,
                           const context::IgnoreList &wanted)
{
    const auto target = prepare_target();
    destination_.make_directories(target, rules_.created_directory());
    Walk walk{*this, view, &wanted};
    walk.contents(directory, {}, target);
    return walk.copied();
}

} // namespace mica::exec
