#include "oci/detail/blob_file.hh"

#include "base/error.hh"
#include "io/fd.hh"
#include <utility>

namespace mica::oci::detail {

BlobFile::BlobFile(std::filesystem::path directory) : directory_{std::move(directory)}, file_{directory_} {}

void BlobFile::write(BytesView data)
{
    if (state_ != State::open)
        throw Error{ErrorKind::internal, "a blob was written to after its end"};
    hash_.update(data);
    size_ += data.size();
    in_context([&] { return "blob in " + directory_.native(); }, [&] { write_all(file_.fd(), data); });
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
