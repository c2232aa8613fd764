#include "layer/way.hh"

#include "base/stop.hh"
#include "layer/layer_index.hh"
#include <algorithm>
#include <string>
#include <vector>

namespace mica::layer {

namespace {

// A tree is made of few records of each layer, so that the rules of layers (what hides what, what a mark
// means in the layer that has it) are written once, in UpperTree. Three kinds of record matter to a path P:
//
//   * those of P itself and of the directories above it;
//   * of the rest, what comes into being below one of these: it makes the directory be there although the
//     layer may not name it. Which file that is does not matter, so one stands for all of them, until a
//     record of the first kind may have taken it away again;
//   * where one of the first kind is a hard link, its target. The caller then needs the tree.
//
// Removals elsewhere bring nothing into being.
class Way {
public:
    explicit Way(std::string_view path) : path_{path} {}

    /// Whether the record is of the first kind. Keeps what stands for the second.
    bool wants(Change::Kind kind, std::string_view path)
    {
        if (is_on_it(path)) {
            last_implied_ = std::string_view::npos;
            return true;
        }
        if (kind != Change::Kind::remove)
            imply(path);
        return false;
    }
    void add(const Change &change)
    {
        has_link_ |= change.kind == Change::Kind::upsert && change.entry.type == tar::FileType::hardlink;
        changes_.push_back({change.kind, change.entry, nullptr});
    }

    [[nodiscard]] bool has_link() const { return has_link_; }
    [[nodiscard]] std::vector<Change> take() { return std::move(changes_); }

private:
    [[nodiscard]] bool is_on_it(std::string_view path) const
    {
        return path.empty() || path == path_ ||
               (path.size() < path_.size() && path_.starts_with(path) && path_[path.size()] == '/');
    }

    /// The length of the longest directory on the way that `path` is below.
    [[nodiscard]] std::size_t shared_with(std::string_view path) const
    {
        const auto at = static_cast<std::size_t>(std::ranges::mismatch(path, path_).in1 - path.begin());
        if (at == path_.size() && path[at] == '/')
            return at;
        const auto slash = path.substr(0, at).rfind('/');
        return slash == std::string_view::npos ? 0 : slash;
    }

    void imply(std::string_view path)
    {
        const auto above = shared_with(path);
        // Records are in order as a rule, so that neighbours have the same directory above them.
        if (above == last_implied_)
            return;
        last_implied_ = above;
        Change change{Change::Kind::upsert, {}, nullptr};
        change.entry.type = tar::FileType::regular;
        change.entry.path = path.substr(0, path.find('/', above == 0 ? 0 : above + 1));
        changes_.push_back(std::move(change));
    }

    std::string_view path_;
    std::vector<Change> changes_;
    std::size_t last_implied_ = std::string_view::npos;
    bool has_link_ = false;
};

} // namespace

std::optional<FileTree> way_to(std::string_view path, std::span<const IndexOf> layers,
                               const std::stop_token &stop)
{
    FileTree tree;
    std::uint32_t number = 0;
    for (const auto &layer : layers) {
        throw_if_stopped(stop);
        Way way{path};
        read_index(
            layer.bytes, layer.diff_id,
            [&](Change::Kind kind, std::string_view below) { return way.wants(kind, below); },
            [&](const Change &change) { way.add(change); });
        if (way.has_link())
            return std::nullopt;
        ChangeList changes{way.take()};
        tree.apply_layer(changes, number++, stop);
    }
    return tree;
}

} // namespace mica::layer
