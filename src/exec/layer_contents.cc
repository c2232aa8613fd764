#include "exec/layer_contents.hh"

#include "base/error.hh"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace mica::exec {

namespace {

constexpr std::uint64_t small_file_limit = 1 << 20;

/// A window of a file that several readers share: pread keeps no position.
class WindowSource final : public Source {
public:
    WindowSource(std::shared_ptr<LayerContents> keep, int fd, std::uint64_t offset, std::uint64_t size)
        : keep_{std::move(keep)}, fd_{fd}, offset_{offset}, left_{size}
    {
    }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
        if (want == 0)
            return 0;
        const ssize_t count = ::pread(fd_, into.data(), want, static_cast<off_t>(offset_));
        if (count < 0 && errno == EINTR)
            return read(into);
        if (count <= 0)
            throw system_error("read the spool of layer files", count < 0 ? errno : EIO);
        offset_ += static_cast<std::uint64_t>(count);
        left_ -= static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
    }

private:
    std::shared_ptr<LayerContents> keep_;
    int fd_;
    std::uint64_t offset_, left_;
};

Fd unlinked_file(const std::filesystem::path &directory)
{
    const int fd = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        return Fd{fd};
    std::string name = (directory / "spool.XXXXXX").native(); // not every file system has O_TMPFILE
    Fd file{::mkostemp(name.data(), O_CLOEXEC)};
    if (!file)
        throw system_error(directory.native(), errno);
    ::unlink(name.c_str());
    return file;
}

} // namespace

class LayerContents::File final : public LayerFile {
public:
    File(std::shared_ptr<LayerContents> owner, std::uint32_t layer, std::string path)
        : owner_{std::move(owner)}, layer_{layer}, path_{std::move(path)}
    {
    }
    [[nodiscard]] std::unique_ptr<Source> open() const override { return owner_->open(layer_, path_); }
    [[nodiscard]] std::string origin() const override
    {
        return fmt::format("{}:{}", owner_->root_.layers().at(layer_).layer.diff_id.hex(), path_);
    }

private:
    std::shared_ptr<LayerContents> owner_;
    std::uint32_t layer_;
    std::string path_;
};

ContentPtr LayerContents::content(const layer::Inode &inode)
{
    {
        const std::scoped_lock guard{mutex_};
        wanted_[inode.layer].try_emplace(inode.path_in_layer);
    }
    return std::make_shared<File>(shared_from_this(), inode.layer, inode.path_in_layer);
}

void LayerContents::remember(const layer::Inode &inode, const std::string &bytes)
{
    catalog_.remember(root_.layers().at(inode.layer).layer.diff_id, inode.path_in_layer, bytes);
}

std::unique_ptr<Source> LayerContents::open(std::uint32_t layer, const std::string &path)
{
    if (const auto known = catalog_.small_file(root_.layers().at(layer).layer.diff_id, path))
        return known->open();
    const std::scoped_lock guard{mutex_};
    auto &wanted = wanted_[layer];
    if (!wanted[path].spooled)
        spool(layer, wanted);
    const auto &extent = wanted[path];
    if (!extent.spooled)
        throw Error{ErrorKind::integrity, fmt::format("/{} is not in its layer", path)};
    return std::make_unique<WindowSource>(shared_from_this(), spool_.get(), extent.offset, extent.size);
}

void LayerContents::spool(std::uint32_t layer, Wanted &wanted)
{
    if (!spool_)
        spool_ = unlinked_file(scratch_);
    Wanted missing; // what an earlier pass spooled is not spooled again
    for (const auto &[path, extent] : wanted)
        if (!extent.spooled)
            missing.emplace(path, extent);
    std::vector<std::byte> buffer(256 * 1024);
    catalog_.read(
        root_.layers().at(layer),
        [&](const layer::Change &change, Source *body) {
            const auto found = missing.find(change.entry.path);
            if (change.kind != layer::Change::Kind::upsert || found == missing.end())
                return;
            if (change.entry.type != tar::FileType::regular)
                return;
            Extent extent{spool_size_, 0, true}; // an archive may name a file twice: the last one counts
            while (const std::size_t count = body == nullptr ? 0 : body->read(buffer)) {
                write_all(spool_.get(), std::span{buffer}.first(count));
                extent.size += count;
            }
            spool_size_ += extent.size;
            found->second = extent;
        },
        stop_);
    for (const auto &[path, extent] : missing)
        wanted[path] = extent;
}

std::optional<std::string> read_small_file(LayerContents &contents, const layer::FileTree &tree,
                                           std::string_view path)
{
    const auto inode = tree.find(tree.resolve(path, true));
    if (!inode || inode->type != tar::FileType::regular)
        return std::nullopt;
    if (inode->size == 0)
        return std::string{};
    const auto source = contents.content(*inode)->open();
    auto bytes = in_context([&] { return fmt::format("read {} of the image", path); },
                            [&] { return read_all(*source, small_file_limit); });
    contents.remember(*inode, bytes);
    return bytes;
}

} // namespace mica::exec
