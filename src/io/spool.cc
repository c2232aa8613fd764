#include "io/spool.hh"

#include "base/error.hh"
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace mica {

namespace {

Fd temporary_file(const std::filesystem::path &directory)
{
    auto name = (directory / "spool.XXXXXX").native();
    Fd file{::mkostemp(name.data(), O_CLOEXEC)};
    if (!file)
        throw system_error("create a temporary file in " + directory.native(), errno);
    ::unlink(name.c_str());
    return file;
}

class Extent final : public Content {
public:
    Extent(std::shared_ptr<const Fd> file, std::uint64_t offset, std::uint64_t size)
        : file_{std::move(file)}, offset_{offset}, size_{size}
    {
    }
    std::unique_ptr<Source> open() const override;

private:
    std::shared_ptr<const Fd> file_;
    std::uint64_t offset_, size_;
};

/// Reads by position: sources of one file do not disturb each other.
class ExtentSource final : public Source {
public:
    ExtentSource(std::shared_ptr<const Fd> file, std::uint64_t offset, std::uint64_t size)
        : file_{std::move(file)}, at_{offset}, left_{size}
    {
    }

    std::size_t read(std::span<std::byte> into) override
    {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
        if (wanted == 0)
            return 0;
        ssize_t count = -1;
        do {
            count = ::pread(file_->get(), into.data(), wanted, static_cast<off_t>(at_));
        } while (count < 0 && errno == EINTR);
        if (count < 0)
            throw system_error("read a temporary file", errno);
        if (count == 0)
            throw Error{ErrorKind::io, "a temporary file is shorter than what was written to it"};
        at_ += static_cast<std::uint64_t>(count);
        left_ -= static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
    }

private:
    std::shared_ptr<const Fd> file_;
    std::uint64_t at_, left_;
};

std::unique_ptr<Source> Extent::open() const
{
    return std::make_unique<ExtentSource>(file_, offset_, size_);
}

class AppendSink final : public Sink {
public:
    explicit AppendSink(int file) : file_{file} {}
    void write(BytesView data) override { write_all(file_, data); }
    void finish() override {}

private:
    int file_;
};

} // namespace

ContentPtr Spool::append(Source &from, const std::stop_token &stop)
{
    if (!file_)
        file_ = std::make_shared<const Fd>(temporary_file(directory_));
    AppendSink sink{file_->get()};
    const auto count = copy_all(from, sink, stop);
    const auto offset = std::exchange(size_, size_ + count);
    return std::make_shared<Extent>(file_, offset, count);
}

} // namespace mica
