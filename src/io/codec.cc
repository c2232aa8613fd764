#include "io/codec.hh"

#include "base/error.hh"
#include "io/gzip.hh"
#include "io/zstd.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace mica {

namespace {

class PassThrough final : public Sink {
public:
    explicit PassThrough(Sink &next) : next_{next} {}
    void write(BytesView data) override { next_.write(data); }
    void finish() override { next_.finish(); }

private:
    Sink &next_;
};

int level_in(const CompressionOptions &options, int lowest, int highest, int otherwise, std::string_view name)
{
    const int level = options.level.value_or(otherwise);
    if (level < lowest || level > highest)
        throw Error{ErrorKind::usage, fmt::format("{} has no compression level {}", name, level)}.with_hint(
            fmt::format("choose one from {} to {}", lowest, highest));
    return level;
}

bool starts_with(BytesView bytes, std::initializer_list<unsigned char> magic)
{
    return bytes.size() >= magic.size() &&
           std::equal(magic.begin(), magic.end(), bytes.begin(),
                      [](unsigned char a, std::byte b) { return a == std::to_integer<unsigned char>(b); });
}

/// Frames that carry no data may come first (RFC 8878, 3.1.2).
bool starts_with_skippable_frame(BytesView bytes)
{
    return bytes.size() >= 4 && (std::to_integer<unsigned>(bytes[0]) & 0xf0U) == 0x50 &&
           starts_with(bytes.subspan(1), {0x2a, 0x4d, 0x18});
}

} // namespace

std::unique_ptr<Sink> compressor(const CompressionOptions &options, Sink &next, ThreadPool &pool)
{
    switch (options.kind) {
    case Compression::none:
        if (options.level)
            throw Error{ErrorKind::usage, "a compression level was given for layers that are not compressed"};
        return std::make_unique<PassThrough>(next);
    case Compression::gzip:
        return gzip_compressor(level_in(options, 0, 12, default_gzip_level, "gzip"), next, pool);
    case Compression::zstd:
        return zstd_compressor(level_in(options, 1, 22, default_zstd_level, "zstd"), next, pool);
    }
    throw Error{ErrorKind::internal, "no such compression"};
}

std::unique_ptr<Source> decompressor(Compression kind, std::unique_ptr<Source> from)
{
    switch (kind) {
    case Compression::none:
        return from;
    case Compression::gzip:
        return gzip_decompressor(std::move(from));
    case Compression::zstd:
        return zstd_decompressor(std::move(from));
    }
    throw Error{ErrorKind::internal, "no such compression"};
}

Compression detect_compression(BytesView first_bytes)
{
    if (starts_with(first_bytes, {0x1f, 0x8b}))
        return Compression::gzip;
    if (starts_with(first_bytes, {0x28, 0xb5, 0x2f, 0xfd}) || starts_with_skippable_frame(first_bytes))
        return Compression::zstd;
    return Compression::none;
}

} // namespace mica
