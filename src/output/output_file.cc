#include "output/output_file.hh"

#include "base/error.hh"
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::output {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_size = std::size_t{1} << 20;

/// The file behind a symbolic link, which is to be replaced in the link's stead.
fs::path follow(const fs::path &path)
{
    std::error_code ignored;
    const auto target = fs::canonical(path, ignored);
    return target.empty() ? path : target;
}

bool is_replaceable(const fs::path &path)
{
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOENT)
            return true;
        throw system_error(path.native(), errno);
    }
    if (S_ISDIR(status.st_mode))
        throw Error{ErrorKind::usage,
                    fmt::format("{} is a directory, a file is to be written", path.native())};
    return S_ISREG(status.st_mode);
}

/// Our own descriptor of it, not a second opening: that would start at the file's beginning.
Fd open_standard_output(std::string_view path)
{
    Fd fd = path == "/dev/stdout" ? Fd{::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)}
                                  : open_file(std::string{path}, O_WRONLY);
    if (!fd)
        throw system_error("standard output", errno);
    if (::isatty(fd.get()) == 1)
        throw Error{ErrorKind::usage, "an archive is not written to a terminal"}.with_hint(
            "redirect standard output, or give a file with dest=FILE");
    return fd;
}

} // namespace

OutputFile::OutputFile(const fs::path &destination, std::string_view standard_output)
{
    buffer_.reserve(buffer_size);
    if (destination == "-") {
        path_ = "standard output";
        direct_ = open_standard_output(standard_output);
        return;
    }
    path_ = follow(destination);
    if (is_replaceable(path_))
        in_context([&] { return "write " + destination.native(); },
                   [&] { staged_.emplace(path_.has_parent_path() ? path_.parent_path() : fs::path{"."}); });
    else
        direct_ = open_file(path_, O_WRONLY);
}

void OutputFile::flush()
{
    in_context([&] { return "write " + path_.native(); }, [&] { write_all(fd(), buffer_); });
    buffer_.clear();
}

void OutputFile::write(BytesView data)
{
    if (buffer_.size() + data.size() > buffer_size)
        flush();
    if (data.size() >= buffer_size)
        in_context([&] { return "write " + path_.native(); }, [&] { write_all(fd(), data); });
    else
        buffer_.insert(buffer_.end(), data.begin(), data.end());
}

void OutputFile::finish()
{
    flush();
    if (staged_)
        staged_->publish(path_);
    else
        FdSink{std::move(direct_)}.finish();
}

} // namespace mica::output
