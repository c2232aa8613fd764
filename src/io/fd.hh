#pragma once
/// @file
/// File descriptors as values, and files as streams.
#include "io/stream.hh"
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace mica {

/// Owns one descriptor, or none (-1).
class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) noexcept : fd_{fd} {}
    Fd(Fd &&other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    Fd &operator=(Fd &&other) noexcept
    {
        Fd old{std::exchange(fd_, std::exchange(other.fd_, -1))};
        return *this;
    }
    Fd(const Fd &) = delete;
    Fd &operator=(const Fd &) = delete;
    ~Fd();

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
    void reset() noexcept { *this = Fd{}; }

private:
    int fd_ = -1;
};

/// Opens with O_CLOEXEC; throws Error naming the path.
[[nodiscard]] Fd open_file(const std::filesystem::path &path, int flags, unsigned mode = 0600);

/// Writes everything or throws Error.
void write_all(int fd, BytesView data);

/// Reads an owned descriptor to its end.
class FdSource final : public Source {
public:
    explicit FdSource(Fd fd) : fd_{std::move(fd)} {}
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override;

private:
    Fd fd_;
};

/// Writes to an owned descriptor; finish() closes it and reports a failed close.
class FdSink final : public Sink {
public:
    explicit FdSink(Fd fd) : fd_{std::move(fd)} {}
    void write(BytesView data) override;
    void finish() override;

private:
    Fd fd_;
};

/// The whole file; throws Error (not_found, denied, io; integrity past `limit`).
[[nodiscard]] std::string read_file(const std::filesystem::path &path,
                                    std::uint64_t limit = std::uint64_t{1} << 30);

/// Replaces `path` as a whole: temporary file beside it, fsync, rename. A reader
/// sees the old or the new bytes, never a part.
void write_file_atomically(const std::filesystem::path &path, std::string_view bytes, unsigned mode = 0644);

} // namespace mica
