#include "exec/copy/copy.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "exec/copy/copier.hh"
#include "exec/copy/destination.hh"
#include "exec/copy/parents.hh"
#include "exec/copy/read_ahead.hh"
#include "exec/copy/step_check.hh"
#include "exec/copy/unpack.hh"
#include "tar/archive_stream.hh"
#include <fmt/format.h>
#include <utility>

namespace mica::exec {

namespace {

/// One file or directory to copy: what a source of the step came to.
struct Item {
    const SourceView *view = nullptr;
    SourceMatch match;
    bool may_unpack = false;
};

/// The sources, all found before anything is copied.
struct Worklist {
    std::vector<Item> items;
    std::vector<std::shared_ptr<const SourceView>> views; ///< owns those that are not the request's
};

CopyRules rules_of(const CopyRequest &request)
{
    CopyRules rules;
    rules.owner = request.owner;
    if (!request.step.chmod.empty())
        rules.mode = ModeChange::parse(request.step.chmod);
    rules.excludes = context::IgnoreList{request.step.excludes};
    rules.destination = request.step.destination;
    rules.now = request.now;
    return rules;
}

/// The layer of --link does not depend on what is below it: it is made as if nothing were
/// there. Not with --chmod, whose mode would then be forced on every directory above the
/// destination (/etc with 0644); the reference builder drops --link there as well.
layer::PathLookup base_of(const CopyRequest &request, const layer::FileTree &nothing)
{
    return request.step.link && request.step.chmod.empty() ? layer::lookup_in(nothing) : request.destination;
}

class Computation {
public:
    Computation(const CopyRequest &request, const std::stop_token &stop)
        : request_{request}, step_{request.step}, stop_{stop}, rules_{rules_of(request)},
          destination_{base_of(request, nothing_)}, copier_{rules_, destination_, stop},
          spool_{request.scratch}
    {
    }
    std::vector<layer::Change> run();

private:
    Worklist collect() const;
    void add_remote(const context::RemoteSource &remote, Worklist &work) const;
    void add_inline(const plan::InlineFile &file, Worklist &work) const;
    void copy(const Item &item, std::size_t count);
    bool unpack(const Item &item);
    std::unique_ptr<SourceView> read_ahead_of(Worklist &work) const;

    const CopyRequest &request_;
    const plan::CopyStep &step_;
    const std::stop_token &stop_;
    const layer::FileTree nothing_;
    const CopyRules rules_;
    Destination destination_;
    Copier copier_;
    Spool spool_;
};

std::vector<layer::Change> Computation::run()
{
    check_copy_step(step_);
    auto work = collect();
    const auto ahead = read_ahead_of(work);
    if (step_.parents) {
        for (const auto &source : step_.sources)
            copy_with_parents(copier_, request_.source, source, request_.ignore_file);
    }
    for (const auto &item : work.items) {
        throw_if_stopped(stop_);
        copy(item, work.items.size());
    }
    return destination_.changes();
}

Worklist Computation::collect() const
{
    Worklist work;
    for (const auto &source : step_.sources) {
        if (step_.parents)
            continue; // found as they are copied: they cannot get into each other's way
        if (auto remote = context::parse_remote_source(source)) {
            add_remote(with_flags(std::move(*remote), step_), work);
            continue;
        }
        for (auto &match : match_source(request_.source, source, request_.ignore_file))
            work.items.push_back({&request_.source, std::move(match), step_.unpack.value_or(step_.is_add)});
    }
    for (const auto &file : step_.inline_files)
        add_inline(file, work);
    return work;
}

/// The directories of the work list are walked by a thread from now on; null: none are. With patterns, what
/// is walked is not known before they are asked.
std::unique_ptr<SourceView> Computation::read_ahead_of(Worklist &work) const
{
    if (!request_.reads_ahead || !step_.excludes.empty())
        return nullptr;
    std::vector<std::string> directories;
    std::vector<Item *> walked;
    for (auto &item : work.items) {
        const auto entry = item.view == &request_.source ? item.view->find(item.match.path) : std::nullopt;
        if (!entry || entry->type != tar::FileType::directory)
            continue;
        directories.push_back(item.match.path);
        walked.push_back(&item);
    }
    if (directories.empty())
        return nullptr;
    auto ahead = read_ahead(request_.source, std::move(directories), stop_);
    for (auto *item : walked)
        item->view = ahead.get();
    return ahead;
}

void Computation::add_remote(const context::RemoteSource &remote, Worklist &work) const
{
    const auto *const http = std::get_if<context::HttpSource>(&remote);
    if (!request_.fetch)
        throw Error{ErrorKind::unsupported, http != nullptr ? "ADD of a URL is not supported yet"
                                                            : "ADD of a git repository is not supported yet"}
            .with_hint("fetch it in a RUN, or into the build context before the build");
    work.views.push_back(request_.fetch(remote));
    const auto name = http != nullptr ? http->file_name : std::string{};
    const bool may_unpack = http != nullptr && step_.unpack.value_or(false);
    work.items.push_back({work.views.back().get(), {name, name}, may_unpack});
}

void Computation::add_inline(const plan::InlineFile &file, Worklist &work) const
{
    tar::Entry entry;
    entry.path = file.name;
    entry.type = tar::FileType::regular;
    entry.mode = 0644;
    entry.size = file.content.size();
    entry.mtime = request_.now;
    work.views.push_back(single_file_view(std::move(entry), std::make_shared<StringContent>(file.content)));
    work.items.push_back({work.views.back().get(), {file.name, file.name}, false});
}

bool Computation::unpack(const Item &item)
{
    if (!item.may_unpack || item.view->find(item.match.path)->type != tar::FileType::regular)
        return false;
    const auto content = item.view->content(item.match.path);
    if (content == nullptr || !tar::is_tar_archive(*content))
        return false;
    in_context([&] { return fmt::format("unpack \"/{}\"", item.match.name); },
               [&] { unpack_archive(*content, rules_, destination_, spool_, stop_); });
    return true;
}

void Computation::copy(const Item &item, std::size_t count)
{
    if (unpack(item))
        return;
    const bool is_file = item.view->find(item.match.path)->type != tar::FileType::directory;
    const bool one_place = !rules_.means_directory() &&
                           !destination_.is_directory(destination_.resolve(rules_.destination, true));
    if (is_file && one_place && count > 1)
        throw Error{
            ErrorKind::dockerfile,
            fmt::format("\"{}\" is no directory, and {} sources cannot all be copied to it as one file",
                        rules_.destination, count)}
            .with_hint(fmt::format("end the destination with a slash: \"{}/\"", rules_.destination));
    copier_.copy(*item.view, item.match);
}

} // namespace

std::vector<layer::Change> plan_copy(const CopyRequest &request, const std::stop_token &stop)
{
    return Computation{request, stop}.run();
}

} // namespace mica::exec
