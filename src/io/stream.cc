#include "io/stream.hh"

#include "base/error.hh"
#include "base/stop.hh"
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <vector>

namespace mica {

namespace {
constexpr std::size_t buffer_size = 256 * 1024;
}

std::size_t StringSource::read(std::span<std::byte> into)
{
    const std::size_t count = std::min(into.size(), bytes_.size() - at_);
    std::memcpy(into.data(), bytes_.data() + at_, count);
    at_ += count;
    return count;
}

void StringSink::write(BytesView data)
{
    bytes_.append(reinterpret_cast<const char *>(data.data()), data.size());
}

std::uint64_t copy_all(Source &from, Sink &to, const std::stop_token &stop)
{
    std::vector<std::byte> buffer(buffer_size);
    std::uint64_t total = 0;
    while (true) {
        throw_if_stopped(stop);
        const std::size_t count = from.read(buffer);
        if (count == 0)
            return total;
        to.write(std::span{buffer}.first(count));
        total += count;
    }
}

std::string read_all(Source &from, std::uint64_t limit)
{
    std::string out;
    std::vector<std::byte> buffer(buffer_size);
    while (const std::size_t count = from.read(buffer)) {
        if (count > limit - out.size())
            throw Error{ErrorKind::integrity, fmt::format("more than {} bytes", limit)};
        out.append(reinterpret_cast<const char *>(buffer.data()), count);
    }
    return out;
}

std::size_t read_full(Source &from, std::span<std::byte> into)
{
    std::size_t filled = 0;
    while (filled < into.size()) {
        const std::size_t count = from.read(into.subspan(filled));
        if (count == 0)
            break;
        filled += count;
    }
    return filled;
}

} // namespace mica
