#pragma once
/// @file
/// A byte-stable tar writer: ustar with PAX records where ustar cannot say it.
/// The bytes are documented in docs/formats.md and pinned by golden tests; they
/// depend on the entries alone, never on locale, machine or a library's version.
#include "io/stream.hh"
#include "tar/entry.hh"

namespace mica::tar {

class Writer {
public:
    explicit Writer(Sink &out) : out_{out} {}

    /// `content` gives exactly entry.size bytes for a regular file (null if the size
    /// is 0 or the type another); fewer or more is an Error (io) that names the file.
    void add(const Entry &entry, Source *content);
    /// Two zero blocks; does not finish the sink.
    void finish();

private:
    Sink &out_;
};

} // namespace mica::tar
