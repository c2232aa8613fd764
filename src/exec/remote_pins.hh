#pragma once
/// @file
/// How a lock holds what is fetched: addresses by the digest of their bytes, repositories by commit.
#include "context/remote_source.hh"
#include "exec/origins.hh"
#include <string>

namespace mica::exec {

/// What a source is called in a lock: the address without login and fragment; of a repository
/// "REMOTE#REF", or "REMOTE" where its default branch is meant. Which directory of it is wanted, and what is
/// checked out beside it, is no part: one name is one commit.
[[nodiscard]] std::string pin_name(const context::RemoteSource &source);

/// Whether the source says by itself which bytes it is, so that it needs no pin.
[[nodiscard]] bool names_its_digest(const context::RemoteSource &source);

/// The source, to be had as it was when it was pinned. Throws Error (usage) if it has no pin and others are
/// refused.
[[nodiscard]] context::RemoteSource pinned(context::RemoteSource source, const Pins &pins);

} // namespace mica::exec
