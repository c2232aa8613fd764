#include "layer/layer_writer.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "io/async_sink.hh"
#include "io/hash.hh"
#include "layer/layer_tar.hh"
#include <fmt/format.h>

// Who does what: the calling thread reads the contents, packs the tar, cuts it into
// chunks and passes the compressed ones on in order; the pool compresses; one more
// thread hashes the tar, and one hands the blob to the store, which hashes and keeps it.
// Each hand-over is bounded by bytes, so the slowest stage sets the pace and the
// memory does not grow with the layer.

namespace mica::layer {

namespace {

class HashSink final : public Sink {
public:
    void write(BytesView data) override { hash_.update(data); }
    void finish() override {}
    [[nodiscard]] Digest digest() { return hash_.digest(); }

private:
    Sha256 hash_;
};

/// Writes everything to both.
class Tee final : public Sink {
public:
    Tee(Sink &first, Sink &second) : first_{first}, second_{second} {}
    void write(BytesView data) override
    {
        first_.write(data);
        second_.write(data);
    }
    void finish() override
    {
        first_.finish();
        second_.finish();
    }

private:
    Sink &first_, &second_;
};

oci::MediaType media_type(Compression compression)
{
    switch (compression) {
    case Compression::none:
        return oci::MediaType::oci_layer;
    case Compression::gzip:
        return oci::MediaType::oci_layer_gzip;
    case Compression::zstd:
        return oci::MediaType::oci_layer_zstd;
    }
    throw Error{ErrorKind::internal, "no such compression"};
}

} // namespace

oci::Layer write_layer(ChangeSource &changes, const LayerOptions &options, oci::BlobStore &store,
                       ThreadPool &pool, const ChangeVisitor &observe, const std::stop_token &stop)
{
    throw_if_stopped(stop);
    const auto blob = store.create();
    HashSink diff_id;
    AsyncSink to_blob{*blob, stop};
    AsyncSink to_diff_id{diff_id, stop};
    const auto compressed = compressor(options.compression, to_blob, pool);
    Tee plain{to_diff_id, *compressed};
    LayerTar tar{plain, options.clamp_mtime, options.fixed_mtime, stop};
    const auto add = [&](const Change &change) {
        const Change written =
            in_context([&] { return fmt::format("write '{}' to the layer", change.entry.path); },
                       [&] { return tar.add(change); });
        if (observe)
            observe(written);
    };
    changes.visit(add, stop);
    tar.finish();
    plain.finish();
    throw_if_stopped(stop);
    const oci::StoredBlob stored = blob->commit();
    return {
        diff_id.digest(),
        {.media_type = media_type(options.compression.kind), .digest = stored.digest, .size = stored.size}};
}

} // namespace mica::layer
