#include "cache/state_survey.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "cache/entry.hh"
#include "cache/layout_garbage.hh"
#include "io/fd.hh"
#include "os/file_lock.hh"
#include <algorithm>
#include <map>
#include <set>
#include <sys/stat.h>
#include <utility>

namespace mica::cache {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_entry = 1 << 20;
constexpr std::string_view parts_ending = ".parts", lock_ending = ".lock";

Time time_of(const timespec &time)
{
    return Time{std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec}};
}

/// Space on disk: blocks, and what has several names once.
class Sizes {
public:
    std::uint64_t of(const fs::path &path)
    {
        struct stat status{};
        if (::lstat(path.c_str(), &status) != 0)
            return 0; // gone meanwhile
        if (!S_ISDIR(status.st_mode) && status.st_nlink > 1 &&
            !seen_.insert({status.st_dev, status.st_ino}).second)
            return 0;
        return static_cast<std::uint64_t>(status.st_blocks) * 512;
    }

    std::uint64_t of_tree(const fs::path &path, const std::stop_token &stop)
    {
        auto total = of(path);
        std::error_code failure;
        for (fs::recursive_directory_iterator at{path, fs::directory_options::skip_permission_denied,
                                                 failure};
             !failure && at != fs::recursive_directory_iterator{}; at.increment(failure)) {
            throw_if_stopped(stop);
            total += of(at->path());
        }
        return total;
    }

private:
    std::set<std::pair<dev_t, ino_t>> seen_;
};

std::vector<fs::path> children(const fs::path &directory)
{
    std::vector<fs::path> found;
    std::error_code failure;
    for (const auto &entry : fs::directory_iterator{directory, failure})
        found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    return found;
}

Time used_at(const fs::path &path)
{
    struct stat status{};
    return ::lstat(path.c_str(), &status) == 0 ? time_of(status.st_mtim) : Time{};
}

bool is_digest_name(const std::string &name)
{
    return name.size() == 2 * Digest::size && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

class Survey {
public:
    Survey(const StatePaths &paths, const std::stop_token &stop) : paths_{paths}, stop_{stop} {}

    std::vector<StateItem> run()
    {
        read_entries();
        add_blobs();
        for (const auto &path : children(paths_.trees()))
            add({ItemKind::tree, path, {}, 0, used_at(path), path.filename()});
        add_directories(paths_.layers(), ItemKind::extracted);
        add_directories(paths_.mounts(), ItemKind::mount);
        add_rest();
        return std::move(items_);
    }

private:
    void add(StateItem item)
    {
        throw_if_stopped(stop_);
        item.size += sizes_.of_tree(item.path, stop_);
        for (const auto &path : item.with)
            item.size += sizes_.of(path);
        items_.push_back(std::move(item));
    }

    struct Entries {
        std::vector<fs::path> files;
        std::string text;
    };

    /// Entries by the blob that they name; damaged ones by none.
    void read_entries()
    {
        for (const auto &path : children(paths_.entries())) {
            const auto name = path.filename().native();
            if (!is_digest_name(name.substr(0, name.find('.'))) || name.ends_with(parts_ending))
                continue;
            try {
                const auto entry = parse_entry(read_file(path, largest_entry));
                auto &entries = entries_[entry.layer.blob.digest.hex()];
                entries.files.push_back(path);
                entries.files.emplace_back(path.native() + std::string{parts_ending});
                entries.text = entry.place.text;
            } catch (const Error &) {
                add({ItemKind::step,
                     path,
                     {path.native() + std::string{parts_ending}},
                     0,
                     Time{},
                     "damaged"});
            }
        }
    }

    void add_blobs()
    {
        std::set<Digest> named;
        std::error_code failure; // an empty file: the first build is about to make the layout
        if (const auto size = fs::file_size(paths_.images() / "oci-layout", failure); !failure && size > 0)
            named = named_blobs(*oci::Layout::open_existing(paths_.images()), stop_);
        for (const auto &path : children(paths_.blobs())) {
            const auto name = path.filename().native();
            if (!is_digest_name(name))
                continue; // one that is being written
            const auto entries = entries_.find(name);
            StateItem item{ItemKind::blob, path, {}, 0, used_at(path), name};
            if (entries != entries_.end()) {
                item.kind = ItemKind::step;
                item.with = std::move(entries->second.files);
                item.note = entries->second.text;
                entries_.erase(entries);
            }
            if (named.contains(Digest::parse("sha256:" + name)))
                item.kind = ItemKind::image;
            add(std::move(item));
        }
        for (auto &[name, entries] : entries_) // their layer is gone
            add({ItemKind::step, entries.files.front(), entries.files, 0, Time{}, entries.text});
    }

    /// DIRECTORY/BACKEND/NAME with NAME.lock beside it, which is touched by who uses it.
    void add_directories(const fs::path &directory, ItemKind kind)
    {
        for (const auto &backend : children(directory))
            for (const auto &path : children(backend)) {
                if (path.native().ends_with(lock_ending))
                    continue;
                const fs::path lock{path.native() + std::string{lock_ending}};
                add({kind, path, {}, 0, std::max(used_at(path), used_at(lock)), path.filename()});
            }
    }

    void add_rest()
    {
        StateItem item{ItemKind::rest, paths_.root, {}, 0, Time{}, "index, locks, lists"};
        for (const auto &path : {paths_.images() / "index.json", paths_.entries() / "file-digests"})
            item.size += sizes_.of(path);
        item.size += sizes_.of_tree(paths_.entries() / "places", stop_);
        item.size += sizes_.of_tree(paths_.temporary(), stop_);
        items_.push_back(std::move(item));
    }

    const StatePaths &paths_;
    const std::stop_token &stop_;
    Sizes sizes_;
    std::map<std::string, Entries> entries_;
    std::vector<StateItem> items_;
};

} // namespace

std::string_view name_of(ItemKind kind)
{
    switch (kind) {
    case ItemKind::image:
        return "images";
    case ItemKind::step:
        return "cached steps";
    case ItemKind::blob:
        return "layers of base images";
    case ItemKind::tree:
        return "indexes of layers";
    case ItemKind::extracted:
        return "extracted layers";
    case ItemKind::mount:
        return "cache mounts";
    case ItemKind::rest:
        break;
    }
    return "other files";
}

std::vector<StateItem> survey(const StatePaths &paths, const std::stop_token &stop)
{
    return Survey{paths, stop}.run();
}

std::optional<Time> oldest_build(const StatePaths &paths)
{
    std::optional<Time> oldest;
    for (const auto &path : children(paths.temporary())) {
        const auto lock = path / "lock";
        if (!path.filename().native().starts_with("build-") || !fs::exists(lock))
            continue;
        if (os::FileLock::try_lock(lock, os::LockMode::exclusive))
            continue; // a dead one
        const auto began = used_at(lock);
        oldest = oldest ? std::min(*oldest, began) : began;
    }
    return oldest;
}

} // namespace mica::cache
