#pragma once
/// @file
/// A tar archive as a tree of files.
#include "base/clock.hh"
#include "context/context.hh"
#include "io/content.hh"
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace mica::context {

struct ArchiveTree {
    std::shared_ptr<const Context> files;
    std::optional<Time> newest; ///< of its regular files
};

/// The files of a tar archive, plain or compressed as tar/archive_stream.hh knows it. Names and links
/// are in memory, bytes in an unlinked file in `scratch`; nothing is unpacked, so no member can land
/// elsewhere. A later member of a name replaces an earlier one. `name` is for messages. Throws Error
/// (integrity) for a broken archive, a name that leaves it, a hard link to nothing and a member below
/// what is no directory.
[[nodiscard]] ArchiveTree open_archive(const Content &archive, std::string name,
                                       const std::filesystem::path &scratch, const std::stop_token &stop);

/// A tree with one file.
[[nodiscard]] std::shared_ptr<const Context> single_file_context(tar::Entry entry, ContentPtr content);
/// A tree with nothing in it.
[[nodiscard]] std::shared_ptr<const Context> empty_context(std::string name);

} // namespace mica::context
