#include "exec/commit_time.hh"

#include "auth/child.hh"
#include "base/error.hh"
#include "base/stop.hh"
#include "base/text.hh"
#include <charconv>
#include <chrono>
#include <fmt/format.h>

namespace mica::exec {

std::int64_t commit_time(const std::filesystem::path &directory, const std::stop_token &stop)
{
    using namespace std::chrono_literals;
    constexpr std::size_t output_limit = 4096;
    throw_if_stopped(stop);
    const auto result = auth::run_child({"git", "-C", directory.native(), "log", "-1", "--format=%ct"}, "",
                                        30s, output_limit);
    const auto text = trim(result.out);
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (result.status != 0 || text.empty() || error != std::errc{} || end != text.data() + text.size())
        throw Error{ErrorKind::usage,
                    fmt::format("{} has no commit whose time SOURCE_DATE_EPOCH could be{}",
                                directory.native(),
                                result.err.empty() ? "" : ": " + std::string{trim(result.err)})}
            .with_hint("give the seconds since 1970");
    return seconds;
}

} // namespace mica::exec
