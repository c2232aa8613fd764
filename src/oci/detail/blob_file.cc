#include "oci/detail/blob_file.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <fcntl.h>
#include <utility>

namespace mica::oci::detail {

namespace {

constexpr std::uint64_t flush_step = std::uint64_t{8} << 20;

} // namespace

BlobFile::BlobFile(std::filesystem::path directory) : directory_{std::move(directory)}, file_{directory_} {}

void BlobFile::write(BytesView data)
{
    if (state_ != State::open)
        throw Error{ErrorKind::internal, "a blob was written to after its end"};
    hash_.update(data);
    size_ += data.size();
    in_context([&] { return "blob in " + directory_.native(); }, [&] { write_all(file_.fd(), data); });
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
    file_.publish(directory_ / stored.digest.hex());
    return stored;
}

} // namespace mica::oci::detail
