#pragma once
/// @file
/// The inner part of COPY: one source that is known, to one place.
#include "base/clock.hh"
#include "context/ignore.hh"
#include "exec/copy/destination.hh"
#include "exec/copy/ids.hh"
#include "exec/copy/mode_change.hh"
#include "exec/copy/source_view.hh"
#include "exec/copy/wildcards.hh"
#include <optional>
#include <stop_token>
#include <string>

namespace mica::exec {

/// What holds for all sources of a step.
struct CopyRules {
    std::optional<Owner> owner; ///< --chown
    std::optional<ModeChange> mode;
    context::IgnoreList excludes; ///< relative to the source, never the source itself
    std::string destination;      ///< as the step has it: a trailing "/" or "/." says "directory"
    Time now{};

    /// Directories that come into being on the way to the destination.
    [[nodiscard]] NewDirectory created_directory() const;
    /// An entry of a source as it is to be in the image.
    [[nodiscard]] tar::Entry adapted(tar::Entry entry) const;
    [[nodiscard]] bool means_directory() const;
};

/// Copies source after source to the place that the rules name.
class Copier {
public:
    Copier(const CopyRules &rules, Destination &destination, std::stop_token stop)
        : rules_{rules}, destination_{destination}, stop_{std::move(stop)}
    {
    }

    /// Where a file or directory would be copied to, as things are; the directories above
    /// it are created.
    [[nodiscard]] std::string prepare_target();
    /// A directory's contents, or a file. A file goes into the target if that is a
    /// directory. Throws Error (dockerfile) where a file would replace a directory or the
    /// other way round.
    void copy(const SourceView &view, const SourceMatch &source);
    /// What `wanted` says of a directory's contents, each with its directories from there
    /// (--parents). Returns whether there was anything.
    bool copy_selected(const SourceView &view, const std::string &directory,
                       const context::IgnoreList &wanted);

private:
    class Walk;

    const CopyRules &rules_;
    Destination &destination_;
    std::stop_token stop_;
};

} // namespace mica::exec
