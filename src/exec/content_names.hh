#pragma once
/// @file
/// What stands for the bytes of files in a cache key.
///
/// A file's digest is the best name, for it stays the same wherever the file comes from. But
/// a file of another stage lies in a layer, perhaps in one that only a registry has, and its
/// digest costs fetching and inflating that layer. Where it lies is a name as well, which
/// costs nothing; so steps that take files out of layers are looked up under both
/// (step_key.hh).
#include "base/digest.hh"
#include "exec/step_context.hh"
#include "layer/change.hh"
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace mica::exec {

enum class Naming {
    by_origin, ///< files in layers by where they lie, others by digest
    exact      ///< all by digest
};

/// The names of the contents of changes. No file is read before somebody asks for a name that is not known
/// without. Digests of the user's files are remembered between builds. One thread at a time; the changes and
/// the context must outlive it.
class ContentNames {
public:
    ContentNames(const std::vector<layer::Change> &changes, const StepContext &context, std::stop_token stop);

    [[nodiscard]] const std::vector<layer::Change> &changes() const { return changes_; }
    /// Whether the two namings differ.
    [[nodiscard]] bool any_in_layers() const { return any_in_layers_; }
    /// Whether no name is left to be read.
    [[nodiscard]] bool are_known(Naming naming) const;
    /// Makes all of them known; several files are read at once. Throws Error, Cancelled.
    void read(Naming naming);
    /// Of the change with this number; reads the file if it must.
    [[nodiscard]] std::string name(std::size_t number, Naming naming);

    /// The changes for who reads their contents anyway: what he has read to the end is known. Visited once,
    /// while this lives.
    [[nodiscard]] std::unique_ptr<layer::ChangeSource> read_along();

private:
    class Along;

    [[nodiscard]] bool is_known(std::size_t number, Naming naming) const;
    void learn(std::size_t number, const Digest &digest);

    const std::vector<layer::Change> &changes_;
    const StepContext &context_;
    std::stop_token stop_;
    bool any_in_layers_ = false;
    std::vector<std::optional<Digest>> digests_; ///< of contents, as far as they are known
};

} // namespace mica::exec
