#pragma once
/// @file
/// A byte-stable tar writer: ustar with PAX records where ustar cannot say it.
/// The bytes are documented in docs/formats.md and pinned by golden tests; they
/// depend on the entries alone, never on locale, machine or a library's version.
#include "io/stream.hh"
#include "tar/entry.hh"
#include <cstdint>
#include <stop_token>
#include <vector>

namespace mica::tar {

/// The time as it goes into an archive: whole seconds, rounded down.
[[nodiscard]] Time whole_seconds(Time time);

class Writer {
public:
    /// Writes to `out`, which must outlive the writer. add() throws Cancelled between
    /// two buffers of a file's bytes.
    explicit Writer(Sink &out, std::stop_token stop = {});

    /// `content` gives exactly entry.size bytes for a regular file (null if the size
    /// is 0 or the type another); fewer or more is an Error (io) that names the file.
    void add(const Entry &entry, Source *content);
    /// Two zero blocks; does not finish the sink.
    void finish();

private:
    void write_body(const Entry &entry, Source &content);
    void pad(std::uint64_t size);

    Sink &out_;
    std::stop_token stop_;
    std::vector<std::byte> buffer_;
};

} // namespace mica::tar
