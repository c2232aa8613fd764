#include "exec/blob_readers.hh"

namespace mica::exec {

std::unique_ptr<Source> LocalFirst::open(const oci::Descriptor &blob, const std::stop_token &stop) const
{
    if (store_->contains(blob.digest))
        return store_->open(blob, stop);
    return origin_->open(blob, stop);
}

} // namespace mica::exec
