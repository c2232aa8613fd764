#include "tar/writer.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include "tar/header.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica::tar {

namespace {

constexpr std::size_t buffer_size = 128 * 1024;

char type_flag(FileType type)
{
    switch (type) {
    case FileType::regular:
        return '0';
    case FileType::hardlink:
        return '1';
    case FileType::symlink:
        return '2';
    case FileType::char_device:
        return '3';
    case FileType::block_device:
        return '4';
    case FileType::directory:
        return '5';
    case FileType::fifo:
        return '6';
    }
    throw Error{ErrorKind::internal, "a tar entry has no valid type"};
}

bool is_device(FileType type)
{
    return type == FileType::char_device || type == FileType::block_device;
}

bool is_link(FileType type)
{
    return type == FileType::symlink || type == FileType::hardlink;
}

std::int64_t unix_seconds(Time time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

HeaderFields fields_of(const Entry &entry)
{
    HeaderFields fields;
    fields.name = entry.path;
    if (entry.type == FileType::directory)
        fields.name = entry.path.empty() ? "./" : entry.path + "/";
    fields.type = type_flag(entry.type);
    fields.mode = entry.mode & 07777U;
    fields.uid = entry.uid;
    fields.gid = entry.gid;
    fields.size = entry.type == FileType::regular ? entry.size : 0;
    fields.mtime = unix_seconds(entry.mtime);
    if (is_link(entry.type))
        fields.link_name = entry.link_target;
    if (is_device(entry.type)) {
        fields.device_major = entry.device_major;
        fields.device_minor = entry.device_minor;
    }
    return fields;
}

void refuse_unusable(const Entry &entry)
{
    if (entry.path.empty() && entry.type != FileType::directory)
        throw Error{ErrorKind::internal, "a tar entry that is no directory has an empty name"};
    for (const std::string_view text : {std::string_view{entry.path}, std::string_view{entry.link_target}})
        if (text.find('\0') != std::string_view::npos)
            throw Error{ErrorKind::integrity, fmt::format("a name in '{}' has a NUL byte in it", entry.path)};
}

PaxRecords xattr_records(const Entry &entry)
{
    PaxRecords records;
    for (const auto &[name, value] : entry.xattrs) {
        // The keyword ends at the first '='.
        if (name.empty() || name.find('=') != std::string::npos || name.find('\0') != std::string::npos)
            throw Error{
                ErrorKind::unsupported,
                fmt::format("the extended attribute '{}' of '{}' cannot be written to a tar archive: its "
                            "name is empty or has a '=' in it",
                            name, entry.path)};
        records.emplace("SCHILY.xattr." + name, value);
    }
    return records;
}

} // namespace

Time whole_seconds(Time time)
{
    return std::chrono::floor<std::chrono::seconds>(time);
}

Writer::Writer(Sink &out, std::stop_token stop) : out_{out}, stop_{std::move(stop)}, buffer_(buffer_size) {}

void Writer::add(const Entry &entry, Source *content)
{
    throw_if_stopped(stop_);
    refuse_unusable(entry);
    PaxRecords records = xattr_records(entry);
    const HeaderFields fields = fields_of(entry);
    const HeaderBlock header = encode_header(fields, records);
    if (!records.empty()) {
        const std::string body = pax_body(records);
        const HeaderBlock pax = encode_pax_header(fields.name, body.size());
        out_.write(as_bytes({pax.data(), pax.size()}));
        out_.write(as_bytes(body));
        pad(body.size());
    }
    out_.write(as_bytes({header.data(), header.size()}));
    if (fields.size == 0 && content == nullptr)
        return;
    if (content == nullptr)
        throw Error{ErrorKind::internal,
                    fmt::format("nothing gives the {} bytes of '{}'", entry.size, entry.path)};
    if (entry.type != FileType::regular)
        throw Error{ErrorKind::internal,
                    fmt::format("'{}' is no regular file, yet comes with bytes", entry.path)};
    write_body(entry, *content);
}

void Writer::write_body(const Entry &entry, Source &content)
{
    std::uint64_t left = entry.size;
    while (true) {
        throw_if_stopped(stop_);
        // At the end one more byte is asked for: a file that grew must not pass unseen.
        const auto want = static_cast<std::size_t>(
            std::min<std::uint64_t>(std::max<std::uint64_t>(left, 1), buffer_.size()));
        const std::size_t count = content.read(std::span{buffer_}.first(want));
        if (count == 0)
            break;
        if (count > left)
            throw Error{ErrorKind::io, fmt::format("'{}' grew while it was read: more than {} bytes",
                                                   entry.path, entry.size)};
        out_.write(std::span{buffer_}.first(count));
        left -= count;
    }
    if (left != 0)
        throw Error{ErrorKind::io, fmt::format("'{}' shrank while it was read: {} bytes instead of {}",
                                               entry.path, entry.size - left, entry.size)};
    pad(entry.size);
}

void Writer::pad(std::uint64_t size)
{
    static constexpr HeaderBlock zeros{};
    const auto rest = static_cast<std::size_t>(size % block_size);
    if (rest != 0)
        out_.write(as_bytes({zeros.data(), block_size - rest}));
}

void Writer::finish()
{
    static constexpr std::array<char, 2 * block_size> zeros{};
    out_.write(as_bytes({zeros.data(), zeros.size()}));
}

} // namespace mica::tar
