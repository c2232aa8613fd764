#pragma once
/// @file
/// Changes as the entries of a layer's tar.
#include "layer/change.hh"
#include "tar/writer.hh"
#include <optional>
#include <stop_token>
#include <string>

namespace mica::layer {

/// Writes one layer's tar to `out`, change by change, in ChangeSource's order.
class LayerTar {
public:
    LayerTar(Sink &out, std::optional<Time> clamp_mtime, bool fixed_mtime, const std::stop_token &stop)
        : writer_{out, stop}, clamp_{clamp_mtime}, fixed_{fixed_mtime}
    {
    }

    /// Returns the change as it was written.
    Change add(Change change);
    /// The archive's end; does not finish the sink.
    void finish() { writer_.finish(); }

private:
    void check(const tar::Entry &entry);
    void add_mark(const std::string &path);

    tar::Writer writer_;
    std::optional<Time> clamp_;
    bool fixed_; ///< all times are clamp_
    std::string last_path_;
};

} // namespace mica::layer
