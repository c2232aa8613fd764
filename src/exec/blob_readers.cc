#include "exec/blob_readers.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include <fmt/format.h>

namespace mica::exec {

std::unique_ptr<Source> LocalFirst::open(const oci::Descriptor &blob, const std::stop_token &stop) const
{
    if (store_->contains(blob.digest))
        return store_->open(blob, stop);
    return origin_->open(blob, stop);
}

struct DiffIdSource::State {
    std::unique_ptr<Source> tar;
    Digest expected;
    Sha256 hash{};
    bool ended = false;
};

DiffIdSource::DiffIdSource(std::unique_ptr<Source> tar, const Digest &diff_id)
    : state_{std::make_unique<State>(State{std::move(tar), diff_id})}
{
}

DiffIdSource::~DiffIdSource() = default;

std::size_t DiffIdSource::read(std::span<std::byte> into)
{
    if (state_->ended)
        return 0;
    const std::size_t count = state_->tar->read(into);
    state_->hash.update(into.first(count));
    if (count > 0)
        return count;
    state_->ended = true;
    if (const auto got = state_->hash.digest(); got != state_->expected)
        throw Error{ErrorKind::integrity,
                    fmt::format("the layer's tar is {}, but the image's config says diff_id {}", got.str(),
                                state_->expected.str())};
    return 0;
}

} // namespace mica::exec
