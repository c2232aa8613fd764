#include "tar/reader.hh"

#include "base/error.hh"
#include "base/handle.hh"
#include "base/stop.hh"
#include "tar/entry_reader.hh"
#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <cerrno>
#include <exception>
#include <fmt/format.h>
#include <vector>

namespace mica::tar {

namespace {

constexpr std::size_t buffer_size = 256 * 1024;

/// What libarchive's callback sees. libarchive is C: an exception of the source is
/// parked here and thrown again once libarchive has returned.
struct Input {
    Source &source;
    const std::stop_token &stop;
    std::vector<std::byte> buffer = std::vector<std::byte>(buffer_size);
    std::exception_ptr failure{};
};

la_ssize_t read_some(archive *handle, void *data, const void **into) noexcept
{
    auto &input = *static_cast<Input *>(data);
    try {
        throw_if_stopped(input.stop);
        *into = input.buffer.data();
        return static_cast<la_ssize_t>(input.source.read(input.buffer));
    } catch (...) {
        input.failure = std::current_exception();
        archive_set_error(handle, EIO, "the source failed");
        return ARCHIVE_FATAL;
    }
}

class Archive {
public:
    explicit Archive(Input &input) : input_{input}, handle_{archive_read_new()}
    {
        if (!handle_)
            throw Error{ErrorKind::internal, "cannot make a tar reader"};
        check(archive_read_support_format_tar(handle_.get()));
        check(archive_read_support_format_empty(handle_.get()));
        check(archive_read_open2(handle_.get(), &input_, nullptr, read_some, nullptr, nullptr));
    }

    [[nodiscard]] archive *get() const { return handle_.get(); }

    /// A warning is information only: libarchive warns of every name that is not
    /// ASCII, since there is no locale here, and gives its bytes all the same.
    int check(la_ssize_t status) const
    {
        if (input_.failure)
            std::rethrow_exception(input_.failure);
        if (status >= 0 || status == ARCHIVE_WARN)
            return static_cast<int>(status);
        fail();
    }

    [[noreturn]] void fail() const
    {
        const char *why = archive_error_string(handle_.get());
        throw Error{ErrorKind::integrity,
                    fmt::format("the tar archive is broken: {}", why != nullptr ? why : "unknown error")};
    }

private:
    Input &input_;
    Handle<archive, archive_read_free> handle_;
};

/// The bytes of the current entry, the holes of a sparse file as zeros.
class Body final : public Source {
public:
    Body(const Archive &archive, const std::stop_token &stop, std::uint64_t size)
        : archive_{archive}, stop_{stop}, left_{size}
    {
    }

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        throw_if_stopped(stop_);
        into = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_)));
        if (into.empty())
            return 0;
        const std::size_t count = read_stored(into);
        // Nothing left in the archive but still bytes to come: the file ends in a hole.
        const std::size_t given = count != 0 ? count : into.size();
        std::fill(into.begin() + static_cast<std::ptrdiff_t>(count),
                  into.begin() + static_cast<std::ptrdiff_t>(given), std::byte{0});
        left_ -= given;
        return given;
    }

private:
    std::size_t read_stored(std::span<std::byte> into) const
    {
        const auto count = archive_read_data(archive_.get(), into.data(), into.size());
        if (count == ARCHIVE_WARN)
            archive_.fail();
        archive_.check(count);
        return static_cast<std::size_t>(count);
    }

    const Archive &archive_;
    const std::stop_token &stop_;
    std::uint64_t left_;
};

void drain(Input &input)
{
    do
        throw_if_stopped(input.stop);
    while (input.source.read(input.buffer) != 0);
}

} // namespace

void read_archive(std::unique_ptr<Source> tar, const EntryVisitor &visitor, const std::stop_token &stop)
{
    Input input{*tar, stop};
    const Archive archive{input};
    archive_entry *raw = nullptr;
    while (true) {
        throw_if_stopped(stop);
        if (archive.check(archive_read_next_header(archive.get(), &raw)) == ARCHIVE_EOF)
            break;
        const Entry entry = to_entry(raw);
        if (entry.type != FileType::regular || entry.size == 0) {
            visitor(entry, nullptr);
            continue;
        }
        Body body{archive, stop, entry.size};
        visitor(entry, &body);
    }
    drain(input);
}

} // namespace mica::tar
