#include "context/git_fetch.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "context/checkout.hh"
#include "context/git_program.hh"
#include "context/git_refs.hh"
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

// How a commit is fetched
//
// A ref is looked up with ls-remote, so that it can be fetched by its full name: "v1" may be a branch
// and a tag. Then that name, or the commit, is fetched without history. Two kinds of servers cannot
// do this. The "dumb" HTTP of a plain file server has no shallow fetch: all is fetched. And a server
// may refuse a commit that no ref points to: then all branches and tags are fetched, in the hope that
// it is reachable from one of them.
//
// A commit that is pinned is fetched by the name of its ref as long as that names it, so that a .git which is
// kept is the same with a pin and without; later by its hash, and the ref is made here as it was then.

namespace mica::context {

namespace {

namespace fs = std::filesystem;

bool says_any(const GitFailure &failure, std::initializer_list<std::string_view> texts)
{
    return std::any_of(texts.begin(), texts.end(), [&](std::string_view text) {
        return failure.complaint().find(text) != std::string::npos;
    });
}

/// The servers' and git's own ways to say "not without history".
bool knows_no_shallow(const GitFailure &failure)
{
    return says_any(failure, {"shallow", "--depth"});
}

bool refuses_commit(const GitFailure &failure)
{
    return says_any(failure, {"not our ref", "unadvertised object", "remote ref", "no such ref", "want "});
}

/// A commit that must be hit, perhaps abbreviated.
std::string wanted_commit(const GitSource &source)
{
    auto commit = to_lower(source.commit);
    if (commit.find_first_not_of("0123456789abcdef") != std::string::npos)
        throw Error{
            ErrorKind::dockerfile,
            fmt::format("invalid checksum \"{}\" for a git repository: the hash of a commit is expected",
                        source.commit)};
    if (source.fetch_by_commit && !is_commit_name(source.ref) && !is_commit_name(commit))
        throw Error{ErrorKind::dockerfile, "fetch-by-commit needs the full hash of a commit (commit=…)"};
    if (source.pinned.empty())
        return commit;
    if (!source.pinned.starts_with(commit))
        throw Error{ErrorKind::integrity,
                    fmt::format("the commit {} is asked for, but {} is pinned", commit, source.pinned)};
    return source.pinned;
}

std::string local_name(const std::string &remote_name)
{
    return remote_name == "HEAD" ? "refs/remotes/origin/HEAD" : remote_name;
}

class GitFetch {
public:
    GitFetch(const GitSource &source, const FetchAccess &access, const std::stop_token &stop)
        : source_{source}, commit_{wanted_commit(source)}, access_{access},
          git_{access, GitRemote::parse(source.remote, access)}, stop_{stop}
    {
    }

    GitTree run();

private:
    /// What to fetch and what it is called here.
    struct Target {
        std::string remote_name, local_name;
        bool is_commit = false;
        bool is_sha256 = false;
    };

    std::string git(std::vector<std::string> arguments) const
    {
        return git_.run(directory_, arguments, stop_);
    }
    [[nodiscard]] Target find_target() const;
    [[nodiscard]] Target find_pinned() const;
    [[nodiscard]] std::string list_refs(std::string &ref) const;
    void start_repository(const Target &target) const;
    void fetch(const Target &target) const;
    void fetch_once(const Target &target, bool shallow) const;
    void fetch_everything(const Target &target) const;
    [[nodiscard]] std::string checked_commit(const Target &target) const;
    void fetch_submodules() const;
    [[nodiscard]] Time commit_time(const std::string &commit) const;
    [[nodiscard]] bool keeps_git() const
    {
        return source_.keep_git_dir.value_or(false) && source_.subdir.empty();
    }
    void tidy() const;

    const GitSource &source_;
    std::string commit_;
    const FetchAccess &access_;
    GitProgram git_;
    const std::stop_token &stop_;
    fs::path directory_;
};

GitTree GitFetch::run()
{
    const auto target = find_target();
    auto checkout = std::make_unique<CheckoutDirectory>(access_.scratch);
    directory_ = checkout->path();
    start_repository(target);
    fetch(target);
    const auto commit = checked_commit(target);
    git({"checkout", "--quiet", "--force", "--detach", commit});
    if (source_.submodules.value_or(true) && fs::exists(fs::symlink_status(directory_ / ".gitmodules")))
        fetch_submodules();
    const auto time = commit_time(commit);
    tidy();
    const auto mtime = source_.mtime_of_commit ? std::optional{time} : std::nullopt;
    return {open_checkout(std::move(checkout), source_.subdir, mtime), commit, time};
}

/// What the remote has under `ref`, which becomes the name of its default branch where it was empty.
std::string GitFetch::list_refs(std::string &ref) const
{
    const auto &url = git_.remote().url;
    if (ref.empty())
        ref = default_branch(git({"ls-remote", "--symref", "--", url, "HEAD"}));
    return git({"ls-remote", "--", url, ref, ref + "^{}"});
}

GitFetch::Target GitFetch::find_target() const
{
    const auto of_commit = [](const std::string &name) {
        return Target{name, "refs/mica/commit", true, name.size() > 40};
    };
    if (is_commit_name(source_.ref))
        return of_commit(source_.ref);
    if (source_.fetch_by_commit)
        return of_commit(commit_);
    if (!source_.pinned.empty())
        return find_pinned();
    auto ref = source_.ref;
    const auto listing = list_refs(ref);
    const auto found = find_ref(listing, ref);
    return {found.name, local_name(found.name), false, found.object.size() > 40};
}

GitFetch::Target GitFetch::find_pinned() const
{
    const auto &commit = source_.pinned;
    const bool is_sha256 = commit.size() > 40;
    try {
        auto ref = source_.ref;
        const auto listing = list_refs(ref);
        const auto found = find_ref(listing, ref);
        const bool stands =
            found.object == commit || listing.find(commit + "\t" + found.name + "^{}") != std::string::npos;
        if (stands)
            return {found.name, local_name(found.name), false, is_sha256};
        return {commit, local_name(found.name), true, is_sha256};
    } catch (const Error &error) {
        if (error.kind() != ErrorKind::not_found) // the ref is gone; the commit may be there
            throw;
        return {commit, "refs/mica/commit", true, is_sha256};
    }
}

void GitFetch::start_repository(const Target &target) const
{
    std::vector<std::string> arguments{"init", "--quiet"};
    if (target.is_sha256)
        arguments.emplace_back("--object-format=sha256");
    git(std::move(arguments));
    git({"remote", "add", "origin", git_.remote().url});
}

void GitFetch::fetch(const Target &target) const
{
    try {
        fetch_once(target, source_.depth != 0U);
    } catch (const GitFailure &failure) {
        if (target.is_commit && refuses_commit(failure))
            fetch_everything(target);
        else if (knows_no_shallow(failure))
            fetch_once(target, false);
        else
            throw;
    }
}

void GitFetch::fetch_once(const Target &target, bool shallow) const
{
    // Who wants history wants to know how far the last version is.
    std::vector<std::string> arguments{"fetch", "--quiet", source_.depth ? "--tags" : "--no-tags",
                                       "--update-head-ok", "--force"};
    if (shallow)
        arguments.push_back(fmt::format("--depth={}", source_.depth.value_or(1)));
    arguments.insert(arguments.end(), {"--", "origin", "+" + target.remote_name + ":" + target.local_name});
    try {
        git(std::move(arguments));
    } catch (const GitFailure &failure) {
        if (shallow || !target.is_commit || !refuses_commit(failure))
            throw;
        fetch_everything(target);
    }
}

void GitFetch::fetch_everything(const Target &target) const
{
    git({"fetch", "--quiet", "--tags", "--update-head-ok", "--force", "--", "origin",
         "+refs/heads/*:refs/remotes/origin/*"});
    try {
        git({"update-ref", target.local_name, target.remote_name});
    } catch (const GitFailure &) {
        throw Error{ErrorKind::not_found,
                    fmt::format("the repository does not contain the commit {}", target.remote_name)};
    }
}

std::string GitFetch::checked_commit(const Target &target) const
{
    const auto object = std::string{trim(git({"rev-parse", "--verify", target.local_name}))};
    auto commit = std::string{trim(git({"rev-parse", "--verify", target.local_name + "^{commit}"}))};
    if (!object.starts_with(commit_) && !commit.starts_with(commit_))
        throw Error{ErrorKind::integrity,
                    fmt::format("checksum mismatch: expected the commit {}, but {} is {}", commit_,
                                source_.ref.empty() ? "the default branch" : "\"" + source_.ref + "\"",
                                commit)};
    return commit;
}

void GitFetch::fetch_submodules() const
{
    try {
        git({"submodule", "--quiet", "update", "--init", "--recursive", "--depth=1"});
    } catch (const GitFailure &failure) {
        if (!knows_no_shallow(failure) && !refuses_commit(failure))
            throw;
        git({"submodule", "--quiet", "update", "--init", "--recursive"});
    }
}

Time GitFetch::commit_time(const std::string &commit) const
{
    const auto text = git({"log", "-1", "--format=%ct", commit});
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return from_unix(seconds);
}

/// A kept .git says the same whenever it was fetched: an index that is read anew from the tree has no times
/// and inode numbers of this checkout. Else there is none, in submodules neither.
void GitFetch::tidy() const
{
    if (!keeps_git()) {
        remove_git_directories(directory_);
        return;
    }
    git({"reflog", "expire", "--all", "--expire=now"});
    for (const auto *const name : {"FETCH_HEAD", "ORIG_HEAD", "index"})
        fs::remove(directory_ / ".git" / name);
    git({"read-tree", "HEAD"});
    if (fs::exists(directory_ / ".git/modules"))
        git({"submodule", "--quiet", "foreach", "--recursive",
             R"sh(d="$(git rev-parse --git-dir)" && git reflog expire --all --expire=now &&)sh"
             R"sh( rm -f "$d/FETCH_HEAD" "$d/ORIG_HEAD" "$d/index" && git read-tree HEAD)sh"});
}

} // namespace

GitTree fetch_git(const GitSource &source, const FetchAccess &access, const std::stop_token &stop)
{
    return GitFetch{source, access, stop}.run();
}

} // namespace mica::context
