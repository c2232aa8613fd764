#include "oci/detail/blob_file.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <cerrno>
#include <fcntl.h>
#include <utility>

namespace mica::oci::detail {

namespace {

constexpr std::uint64_t flush_step = std::uint64_t{8} << 20;

} // namespace

BlobFile::BlobFile(std::filesystem::path directory) : directory_{std::move(directory)}, file_{directory_} {}

BlobFile::~BlobFile()
{
    if (growing_)
        growing_->abandon();
}

std::shared_ptr<const GrowingBlob> BlobFile::growing()
{
    if (growing_)
        return growing_;
    Fd file{::fcntl(file_.fd(), F_DUPFD_CLOEXEC, 0)};
    if (!file)
        throw system_error(directory_.native(), errno);
    growing_ = std::make_shared<GrowingBlob>(std::move(file));
    growing_->grown_to(size_);
    return growing_;
}

void BlobFile::write(BytesView data)
{
    if (state_ != State::open)
        throw Error{ErrorKind::internal, "a blob was written to after its end"};
    hash_.update(data);
    size_ += data.size();
    in_context([&] { return "blob in " + directory_.native(); }, [&] { write_all(file_.fd(), data); });
    if (growing_)
        growing_->grown_to(size_);
    if (size_ - flushing_ >= flush_step)
        begin_to_flush();
}

/// The disk works while the rest is made, so that commit() has little to wait for. Where the
/// kernel cannot do it, nothing is lost.
void BlobFile::begin_to_flush()
{
    (void)::sync_file_range(file_.fd(), static_cast<off64_t>(flushing_),
                            static_cast<off64_t>(size_ - flushing_), SYNC_FILE_RANGE_WRITE);
    flushing_ = size_;
}

void BlobFile::finish()
{
    if (state_ != State::open)
        throw Error{ErrorKind::internal, "a blob was finished twice"};
    state_ = State::finished;
}

StoredBlob BlobFile::commit()
{
    if (state_ != State::finished)
        throw Error{ErrorKind::internal, "a blob was committed before its end, or twice"};
    state_ = State::committed;
    const StoredBlob stored{hash_.digest(), size_};
    // Before the wait for the disk: a reader has all bytes already.
    if (growing_)
        growing_->complete(stored);
    file_.publish(directory_ / stored.digest.hex());
    return stored;
}

} // namespace mica::oci::detail
