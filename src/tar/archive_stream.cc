#include "tar/archive_stream.hh"

#include "base/error.hh"
#include "base/handle.hh"
#include "io/codec.hh"
#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cerrno>
#include <exception>
#include <fmt/format.h>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mica::tar {

namespace {

using ArchiveHandle = Handle<archive, ::archive_read_free>;

struct Filter {
    std::string_view magic, name;
    int (*enable)(archive *);
};

/// gzip by libarchive, since it minds no padding behind the end; zstd is io/'s.
constexpr std::array<Filter, 3> filters{{
    {"\x1f\x8b", "gzip", ::archive_read_support_filter_gzip},
    {"BZh", "bzip2", ::archive_read_support_filter_bzip2},
    {std::string_view{"\xfd\x37\x7a\x58\x5a\x00", 6}, "xz", ::archive_read_support_filter_xz},
}};

constexpr std::size_t block_size = 512;
constexpr std::size_t longest_magic = 8;

std::string first_bytes(Source &source, std::size_t count)
{
    std::string bytes(count, '\0');
    bytes.resize(read_full(source, std::as_writable_bytes(std::span{bytes})));
    return bytes;
}

const Filter *filter_of(std::string_view start)
{
    const auto *const found = std::find_if(filters.begin(), filters.end(), [start](const Filter &filter) {
        return start.starts_with(filter.magic);
    });
    return found == filters.end() ? nullptr : found;
}

/// libarchive's filters alone: the "raw" format is one file that is the whole stream.
class DecompressedSource final : public Source {
public:
    DecompressedSource(std::unique_ptr<Source> from, const Filter &filter);
    std::size_t read(std::span<std::byte> into) override;

private:
    static la_ssize_t fill(archive *, void *self, const void **data) noexcept;
    [[noreturn]] void fail();

    std::unique_ptr<Source> from_;
    std::string_view name_;
    std::vector<std::byte> buffer_;
    std::exception_ptr parked_; ///< what the source threw inside of libarchive
    ArchiveHandle archive_;
};

DecompressedSource::DecompressedSource(std::unique_ptr<Source> from, const Filter &filter)
    : from_{std::move(from)}, name_{filter.name}, buffer_(std::size_t{64} * 1024),
      archive_{::archive_read_new()}
{
    if (!archive_)
        throw std::bad_alloc{};
    // ARCHIVE_WARN would mean that libarchive was built without it and starts a program instead.
    if (filter.enable(archive_.get()) != ARCHIVE_OK)
        throw Error{ErrorKind::unsupported, fmt::format("this mica was built without {}", name_)};
    archive_entry *entry = nullptr;
    if (::archive_read_support_format_raw(archive_.get()) != ARCHIVE_OK ||
        ::archive_read_open(archive_.get(), this, nullptr, fill, nullptr) != ARCHIVE_OK ||
        ::archive_read_next_header(archive_.get(), &entry) != ARCHIVE_OK)
        fail();
}

la_ssize_t DecompressedSource::fill(archive *, void *self, const void **data) noexcept
{
    auto &source = *static_cast<DecompressedSource *>(self);
    try {
        const auto count = source.from_->read(source.buffer_);
        *data = source.buffer_.data();
        return static_cast<la_ssize_t>(count);
    } catch (...) {
        source.parked_ = std::current_exception();
        return ARCHIVE_FATAL;
    }
}

void DecompressedSource::fail()
{
    if (parked_)
        std::rethrow_exception(parked_);
    const char *const why = ::archive_error_string(archive_.get());
    throw Error{ErrorKind::integrity,
                fmt::format("damaged {} data: {}", name_, why == nullptr ? "no data" : why)};
}

std::size_t DecompressedSource::read(std::span<std::byte> into)
{
    la_ssize_t count = ARCHIVE_RETRY;
    while (count == ARCHIVE_RETRY)
        count = ::archive_read_data(archive_.get(), into.data(), into.size());
    if (count < 0)
        fail();
    return static_cast<std::size_t>(count);
}

/// A field of octal digits with blanks or zeros around them.
std::optional<unsigned> octal_field(std::string_view field)
{
    constexpr std::string_view padding{" \0", 2};
    const auto first = field.find_first_not_of(padding);
    if (first == std::string_view::npos)
        return std::nullopt;
    unsigned value = 0;
    for (const char c : field.substr(first, field.find_first_of(padding, first) - first)) {
        if (c < '0' || c > '7')
            return std::nullopt;
        value = value * 8 + static_cast<unsigned>(c - '0');
    }
    return value;
}

/// The sum that a header has of itself, with its own field counted as blanks. Old
/// writers took bytes as signed.
bool is_tar_header(std::string_view block)
{
    constexpr std::size_t at = 148, size = 8;
    if (block.size() < block_size)
        return false;
    const auto stored = octal_field(block.substr(at, size));
    std::string summed{block.substr(0, block_size)};
    summed.replace(at, size, size, ' ');
    const auto as_unsigned = std::accumulate(summed.begin(), summed.end(), 0U, [](unsigned sum, char c) {
        return sum + static_cast<unsigned char>(c);
    });
    const auto as_signed = std::accumulate(summed.begin(), summed.end(), 0,
                                           [](int sum, char c) { return sum + static_cast<signed char>(c); });
    return stored && (*stored == as_unsigned || static_cast<int>(*stored) == as_signed);
}

} // namespace

std::unique_ptr<Source> open_decompressed(const Content &content)
{
    const auto start = first_bytes(*content.open(), longest_magic);
    auto bytes = content.open();
    if (const auto *const filter = filter_of(start))
        return std::make_unique<DecompressedSource>(std::move(bytes), *filter);
    return decompressor(detect_compression(as_bytes(start)), std::move(bytes));
}

bool is_tar_archive(const Content &content)
{
    const auto start = first_bytes(*content.open(), longest_magic);
    const auto kind = detect_compression(as_bytes(start));
    try {
        // io/'s readers give what there is before the damage, so that a cut archive is still one.
        const auto plain =
            kind == Compression::none ? open_decompressed(content) : decompressor(kind, content.open());
        return is_tar_header(first_bytes(*plain, block_size));
    } catch (const Error &error) {
        if (error.kind() == ErrorKind::integrity)
            return false; // it only looked like something compressed
        throw;
    }
}

} // namespace mica::tar
