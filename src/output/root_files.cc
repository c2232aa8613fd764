// One file system out of many layers, in bounded memory
//
// Which file of which layer is seen in the end is known only when the last layer's names are: so the layers'
// names are read first and applied to a tree (layer::FileTree decides about whiteouts, links and replaced
// files). The tree knows of each file which entry of which layer holds its bytes. Then each layer is streamed
// again, and the entries that the tree refers to are passed on as they come by. That gives bytes in the order
// of the layers, not of paths; so all that has no bytes (directories above all) goes before, and hard links,
// which need their target, go after.
//
// An archive may have several entries of one path; the last one counts. To know it when it comes by, the
// first pass notes how many there are, for the few paths that have more than one.
#include "output/root_files.hh"

#include "base/error.hh"
#include "layer/file_tree.hh"
#include "layer/layer_reader.hh"
#include "oci/open_layer.hh"
#include <fmt/format.h>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace mica::output {

namespace {

using layer::Change;
using layer::FileTree;
using InodePtr = FileTree::InodePtr;

bool has_bytes(const tar::Entry &entry)
{
    return entry.type == tar::FileType::regular && entry.size > 0;
}

/// How many regular entries there are of a path, for paths that have several.
using Repeats = std::unordered_map<std::string, unsigned>;

/// A layer's changes, and a look at them as they pass.
class WatchedChanges final : public layer::ChangeSource {
public:
    explicit WatchedChanges(std::unique_ptr<Source> tar) : changes_{std::move(tar)} {}
    void visit(const layer::ChangeVisitor &visitor, const std::stop_token &stop) override
    {
        std::unordered_set<std::string> seen;
        changes_.visit(
            [&](const Change &change) {
                if (change.kind == Change::Kind::upsert && has_bytes(change.entry) &&
                    !seen.insert(change.entry.path).second)
                    ++repeats_.try_emplace(change.entry.path, 1).first->second;
                visitor(change);
            },
            stop);
    }
    [[nodiscard]] Repeats take_repeats() { return std::move(repeats_); }

private:
    layer::TarChanges changes_;
    Repeats repeats_;
};

/// Where the bytes of one entry of a layer go.
struct Wanted {
    std::string path;
    InodePtr inode;
};

struct LayerPlan {
    Repeats repeats;
    std::unordered_map<std::string, Wanted> wanted; ///< by path in the layer
};

std::string below(const std::string &prefix, const std::string &path)
{
    if (prefix.empty() || path.empty())
        return prefix + path;
    return prefix + "/" + path;
}

class RootFiles {
public:
    RootFiles(const oci::Image &image, const std::string &prefix, const FileVisitor &visitor)
        : image_{image}, prefix_{prefix}, visitor_{visitor}, plans_(image.layers.size())
    {
    }

    void read_names(Progress &progress, const std::stop_token &stop)
    {
        for (std::size_t i = 0; i < plans_.size(); ++i)
            in_layer(i, [&] {
                WatchedChanges changes{oci::open_layer(image_.layers[i], stop)};
                tree_.apply_layer(changes, static_cast<std::uint32_t>(i), stop);
                plans_[i].repeats = changes.take_repeats();
                progress.add(image_.layers[i].layer.blob.size);
            });
    }

    /// All that has no bytes; what has, and further names, are noted.
    void visit_nodes()
    {
        tree_.walk([this](const std::string &path, const InodePtr &inode) {
            auto entry = layer::entry_of(below(prefix_, path), *inode);
            if (inode->type != tar::FileType::directory) {
                const auto [first, is_new] = first_names_.try_emplace(inode.get(), entry.path);
                if (!is_new) {
                    entry.type = tar::FileType::hardlink;
                    entry.size = 0;
                    entry.link_target = first->second;
                    entry.xattrs.clear();
                    return links_.push_back(std::move(entry));
                }
            }
            if (has_bytes(entry))
                want(entry.path, inode);
            else
                visitor_(entry, nullptr);
        });
    }

    void visit_bytes(Progress &progress, const std::stop_token &stop)
    {
        for (std::size_t i = 0; i < plans_.size(); ++i) {
            if (!plans_[i].wanted.empty())
                in_layer(i, [&] { stream(i, stop); });
            progress.add(image_.layers[i].layer.blob.size);
        }
    }

    void visit_links()
    {
        for (const auto &link : links_)
            visitor_(link, nullptr);
    }

private:
    template <class Body> void in_layer(std::size_t number, Body &&body)
    {
        in_context(
            [&] {
                return fmt::format("layer {} ({})", number + 1,
                                   image_.layers[number].layer.blob.digest.str());
            },
            std::forward<Body>(body));
    }

    void want(std::string path, const InodePtr &inode)
    {
        const auto added =
            plans_.at(inode->layer).wanted.try_emplace(inode->path_in_layer, Wanted{std::move(path), inode});
        if (!added.second) // a link was made to an entry that the same archive replaced later
            throw Error{ErrorKind::unsupported,
                        fmt::format("\"{}\" is in one layer several times, and more than one is needed",
                                    inode->path_in_layer)};
    }

    void stream(std::size_t number, const std::stop_token &stop)
    {
        auto &plan = plans_[number];
        layer::read_layer(
            oci::open_layer(image_.layers[number], stop),
            [&](const Change &change, Source *body) {
                if (change.kind != Change::Kind::upsert || body == nullptr ||
                    !is_last(plan.repeats, change.entry.path))
                    return;
                if (const auto found = plan.wanted.find(change.entry.path); found != plan.wanted.end()) {
                    visitor_(layer::entry_of(found->second.path, *found->second.inode), body);
                    plan.wanted.erase(found);
                }
            },
            stop);
        if (!plan.wanted.empty())
            throw Error{ErrorKind::integrity, fmt::format("\"{}\" was there at first, and not any more",
                                                          plan.wanted.begin()->first)};
    }

    static bool is_last(Repeats &repeats, const std::string &path)
    {
        const auto found = repeats.find(path);
        return found == repeats.end() || --found->second == 0;
    }

    const oci::Image &image_;
    const std::string &prefix_;
    const FileVisitor &visitor_;
    FileTree tree_;
    std::vector<LayerPlan> plans_;
    std::unordered_map<const layer::Inode *, std::string> first_names_;
    std::vector<tar::Entry> links_;
};

} // namespace

void visit_root_files(const oci::Image &image, const std::string &prefix, const FileVisitor &visitor,
                      Task &task, const std::stop_token &stop)
{
    std::uint64_t size = 0;
    for (const auto &placed : image.layers)
        size += placed.layer.blob.size;
    Progress progress{task, 2 * size};
    RootFiles files{image, prefix, visitor};
    files.read_names(progress, stop);
    files.visit_nodes();
    files.visit_bytes(progress, stop);
    files.visit_links();
}

} // namespace mica::output
