#include "verify/archive_file.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::verify {

namespace {

constexpr std::uint64_t block = 512;
constexpr std::size_t most_members = 1'000'000;
constexpr std::uint64_t longest_name = 1 << 20;

using Header = std::array<char, block>;

[[noreturn]] void refuse(const std::string &why)
{
    throw Error{ErrorKind::integrity, "the archive is broken: " + why};
}

/// Reads a range of a file; the descriptor is shared, its position is not used.
class RangeSource final : public Source {
public:
    RangeSource(std::shared_ptr<const Fd> file, ArchiveFile::Member range)
        : file_{std::move(file)}, range_{range}
    {
    }
    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        const auto count = std::min<std::uint64_t>(into.size(), range_.size);
        if (count == 0)
            return 0;
        const auto got = ::pread(file_->get(), into.data(), count, static_cast<off_t>(range_.offset));
        if (got < 0)
            throw system_error("reading an archive", errno);
        if (got == 0)
            refuse("it ends within a member");
        range_.offset += static_cast<std::uint64_t>(got);
        range_.size -= static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
    }

private:
    std::shared_ptr<const Fd> file_;
    ArchiveFile::Member range_;
};

std::string_view field(const Header &header, std::size_t offset, std::size_t size)
{
    const std::string_view all{header.data() + offset, size};
    return all.substr(0, std::min(all.find('\0'), all.size()));
}

/// Octal, or GNU's binary form for large numbers.
std::uint64_t number(const Header &header, std::size_t offset, std::size_t size)
{
    std::uint64_t value = 0;
    if ((static_cast<unsigned char>(header[offset]) & 0x80U) != 0) {
        for (std::size_t i = offset + size - 8; i < offset + size; ++i)
            value = value << 8U | static_cast<unsigned char>(header[i]);
        return value;
    }
    for (const char c : field(header, offset, size)) {
        if (c == ' ')
            continue;
        if (c < '0' || c > '7')
            refuse("a header has no number where one must be");
        value = value << 3U | static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

bool checksum_holds(const Header &header)
{
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < header.size(); ++i)
        sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(header[i]);
    return sum == number(header, 148, 8);
}

std::string clean(std::string_view name)
{
    while (name.starts_with("./"))
        name.remove_prefix(2);
    while (name.ends_with('/'))
        name.remove_suffix(1);
    return std::string{name};
}

std::string name_of(const Header &header)
{
    const auto name = field(header, 0, 100);
    const auto prefix = field(header, 257, 6) == "ustar" ? field(header, 345, 155) : std::string_view{};
    return prefix.empty() ? std::string{name} : fmt::format("{}/{}", prefix, name);
}

/// What pax and GNU say of the next member in a member before it.
struct Extension {
    std::optional<std::string> path, link;
    std::optional<std::uint64_t> size;
};

/// "25 path=value\n" after each other.
void read_pax(std::string_view records, Extension &into)
{
    while (!records.empty()) {
        std::size_t length = 0;
        const auto [end, error] = std::from_chars(records.data(), records.data() + records.size(), length);
        const auto digits = static_cast<std::size_t>(end - records.data());
        if (error != std::errc{} || length <= digits + 1 || length > records.size())
            return; // padding, or nothing that concerns the name
        const auto record = records.substr(digits + 1, length - digits - 2);
        const auto equals = record.find('=');
        const auto key = record.substr(0, equals);
        const auto value = equals == std::string_view::npos ? std::string_view{} : record.substr(equals + 1);
        if (key == "path")
            into.path = value;
        else if (key == "linkpath")
            into.link = value;
        else if (key == "size") {
            std::uint64_t size = 0;
            std::from_chars(value.data(), value.data() + value.size(), size);
            into.size = size;
        }
        records.remove_prefix(length);
    }
}

/// The target of a symbolic link as a name in the archive.
std::string beside(const std::string &link, const std::string &target)
{
    return (std::filesystem::path{link}.parent_path() / target).lexically_normal().native();
}

} // namespace

ArchiveFile::ArchiveFile(const std::filesystem::path &path, const std::stop_token &stop)
    : path_{path}, file_{std::make_shared<const Fd>(open_file(path, O_RDONLY))}
{
    in_context([&] { return "reading " + path_.native(); }, [&] { read_headers(stop); });
}

void ArchiveFile::read_headers(const std::stop_token &stop)
{
    struct stat status{};
    if (::fstat(file_->get(), &status) != 0)
        throw system_error(path_.native(), errno);
    const auto end = static_cast<std::uint64_t>(status.st_size);
    Extension extension;
    for (std::uint64_t at = 0; at + block <= end;) {
        throw_if_stopped(stop);
        Header header{};
        RangeSource bytes{file_, {at, block}};
        static_cast<void>(read_full(bytes, std::as_writable_bytes(std::span{header})));
        if (std::all_of(header.begin(), header.end(), [](char c) { return c == '\0'; }))
            break;
        if (!checksum_holds(header))
            refuse("it is no tar, or a header of it is damaged");
        const char type = header[156];
        const auto size = type == 'x' || type == 'L' || type == 'K'
                              ? number(header, 124, 12)
                              : extension.size.value_or(number(header, 124, 12));
        at += block;
        if (size > end - at)
            refuse("it ends within a member");
        const Member member{at, size};
        at += (size + block - 1) / block * block;
        if (type == 'x' || type == 'L' || type == 'K') {
            if (size > longest_name)
                refuse("a name is too long");
            auto text = read_all(*open(member), longest_name);
            if (type == 'x')
                read_pax(text, extension);
            else
                (type == 'L' ? extension.path : extension.link) = text.substr(0, text.find('\0'));
            continue;
        }
        const auto name = clean(extension.path.value_or(name_of(header)));
        const auto target = extension.link.value_or(std::string{field(header, 157, 100)});
        extension = {};
        if (type == '0' || type == '\0' || type == '7')
            members_.insert_or_assign(name, member);
        else if (type == '1')
            links_.insert_or_assign(name, clean(target));
        else if (type == '2')
            links_.insert_or_assign(name, beside(name, target));
        if (members_.size() + links_.size() > most_members)
            refuse("it has too many members");
    }
    if (members_.empty())
        refuse("it has no files in it");
}

std::optional<ArchiveFile::Member> ArchiveFile::find(std::string_view name) const
{
    std::string wanted = clean(name);
    for (int links = 0; links < 8; ++links) {
        if (const auto found = members_.find(wanted); found != members_.end())
            return found->second;
        const auto link = links_.find(wanted);
        if (link == links_.end())
            break;
        wanted = link->second;
    }
    return std::nullopt;
}

std::unique_ptr<Source> ArchiveFile::open(const Member &member) const
{
    return std::make_unique<RangeSource>(file_, member);
}

std::optional<std::string> ArchiveFile::read(std::string_view name, std::uint64_t limit) const
{
    const auto member = find(name);
    if (!member)
        return std::nullopt;
    return read_all(*open(*member), limit);
}

} // namespace mica::verify
