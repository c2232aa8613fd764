#include "io/fd.hh"

#include "base/error.hh"
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mica {

Fd::~Fd()
{
    if (fd_ >= 0)
        ::close(fd_);
}

Fd open_file(const std::filesystem::path &path, int flags, unsigned mode)
{
    while (true) {
        const int fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
        if (fd >= 0)
            return Fd{fd};
        if (errno != EINTR)
            throw system_error(path.native(), errno);
    }
}

void write_all(int fd, BytesView data)
{
    while (!data.empty()) {
        const ssize_t count = ::write(fd, data.data(), data.size());
        if (count < 0) {
            if (errno == EINTR)
                continue;
            throw system_error("write", errno);
        }
        data = data.subspan(static_cast<std::size_t>(count));
    }
}

std::size_t FdSource::read(std::span<std::byte> into)
{
    while (true) {
        const ssize_t count = ::read(fd_.get(), into.data(), into.size());
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EINTR)
            throw system_error("read", errno);
    }
}

void FdSink::write(BytesView data)
{
    write_all(fd_.get(), data);
}

void FdSink::finish()
{
    if (::close(fd_.release()) != 0)
        throw system_error("close", errno);
}

std::string read_file(const std::filesystem::path &path, std::uint64_t limit)
{
    FdSource source{open_file(path, O_RDONLY)};
    return in_context([&] { return "read " + path.native(); }, [&] { return read_all(source, limit); });
}

void write_file_atomically(const std::filesystem::path &path, std::string_view bytes, unsigned mode)
{
    std::string temporary = path.native() + ".XXXXXX";
    Fd fd{::mkostemp(temporary.data(), O_CLOEXEC)};
    if (!fd)
        throw system_error(path.native(), errno);
    try {
        write_all(fd.get(), as_bytes(bytes));
        if (::fchmod(fd.get(), mode) != 0 || ::fsync(fd.get()) != 0)
            throw system_error(temporary, errno);
        if (::rename(temporary.c_str(), path.c_str()) != 0)
            throw system_error(path.native(), errno);
    } catch (...) {
        ::unlink(temporary.c_str());
        throw;
    }
}

} // namespace mica
