#pragma once
/// @file
/// The decoder under gzip.hh: ISA-L's where the build has it (two to three times as fast),
/// else zlib's. One of inflater_isal.cc and inflater_zlib.cc is compiled.
#include "io/stream.hh"
#include <cstddef>
#include <memory>
#include <span>

namespace mica {

/// Decodes gzip members one after the other; header and trailer are checked.
class Inflater {
public:
    Inflater();
    ~Inflater();

    struct Step {
        std::size_t consumed = 0, produced = 0;
        bool member_ended = false;     ///< the next call begins another one
        const char *failure = nullptr; ///< why the stream is broken; a text of static life
    };
    /// Takes from `in` and writes to `out` until one of them is used up or a member ends.
    [[nodiscard]] Step inflate(BytesView in, std::span<std::byte> out);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace mica
