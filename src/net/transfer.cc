#include "net/transfer.hh"

#include "base/stop.hh"
#include "base/text.hh"
#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace mica::net {

namespace {

constexpr std::size_t block_size = 256 * 1024;
constexpr std::size_t buffer_limit = 1024 * 1024; ///< of bytes on either side of an exchange
constexpr std::size_t header_limit = 256 * 1024;  ///< of one exchange, all heads together

/// "HTTP/1.1 200 OK" and "HTTP/2 200"; nullopt when the line is no status line.
std::optional<int> parse_status(std::string_view line)
{
    if (!line.starts_with("HTTP/"))
        return std::nullopt;
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos)
        return std::nullopt;
    int status = 0;
    const auto digits = trim(line.substr(blank)).substr(0, 3);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), status);
    return error == std::errc{} ? std::optional{status} : std::nullopt;
}

} // namespace

Transfer::Transfer(Request request) : request_{std::move(request)} {}

bool Transfer::on_header(std::string_view line) noexcept
try {
    const std::scoped_lock lock{mutex_};
    header_bytes_ += line.size();
    if (header_bytes_ > header_limit)
        throw Failure{FailureKind::other, fmt::format("{} answered with headers of more than {} KiB",
                                                      request_.url.host_and_port(), header_limit / 1024)};
    line = trim(line);
    if (const auto status = parse_status(line)) {
        // A new head: what came before was "100 Continue" or the like.
        status_ = *status;
        headers_ = {};
    } else if (line.empty()) {
        headers_done_ = status_ >= 200;
        changed_.notify_all();
    } else if (const auto colon = line.find(':');
               colon != std::string_view::npos && colon > 0 && !headers_done_) {
        const auto name = trim(line.substr(0, colon));
        if (name.find_first_of(" \t") == std::string_view::npos)
            headers_.add(std::string{name}, std::string{trim(line.substr(colon + 1))});
    }
    return true;
} catch (...) {
    const std::scoped_lock lock{mutex_};
    parked_ = std::current_exception();
    return false;
}

Transfer::Flow Transfer::on_body(BytesView data) noexcept
try {
    const std::scoped_lock lock{mutex_};
    if (!in_.empty() && in_.size() + data.size() > buffer_limit) {
        in_paused_ = true;
        return Flow::full;
    }
    in_.insert(in_.end(), data.begin(), data.end());
    changed_.notify_all();
    return Flow::taken;
} catch (...) {
    const std::scoped_lock lock{mutex_};
    parked_ = std::current_exception();
    return Flow::failed;
}

std::optional<std::size_t> Transfer::on_read(std::span<std::byte> into) noexcept
{
    const std::scoped_lock lock{mutex_};
    // libcurl itself stops sending at a refusal, but not where the server closes the connection after it.
    if (gave_up_)
        return 0;
    if (out_.empty()) {
        const auto *body = std::get_if<StreamBody>(&request_.body);
        if (body == nullptr || out_sent_ >= body->size)
            return 0;
        out_paused_ = true;
        return std::nullopt;
    }
    auto &block = out_.front();
    const auto count = std::min(into.size(), block.size() - out_at_);
    std::memcpy(into.data(), block.data() + out_at_, count);
    out_at_ += count;
    out_bytes_ -= count;
    out_sent_ += count;
    if (out_at_ == block.size()) {
        spare_.push_back(std::move(block)); // never more than there is room for: see buffer_limit
        out_.pop_front();
        out_at_ = 0;
    }
    changed_.notify_all();
    return count;
}

bool Transfer::on_rewind() noexcept
{
    const std::scoped_lock lock{mutex_};
    out_.clear();
    out_at_ = out_bytes_ = 0;
    out_sent_ = 0;
    rewind_ = true;
    changed_.notify_all();
    return true;
}

void Transfer::on_end(std::optional<Failure> failure) noexcept
{
    const std::scoped_lock lock{mutex_};
    failure_ = std::move(failure);
    ended_ = true;
    changed_.notify_all();
}

Transfer::Progress Transfer::progress() noexcept
{
    const std::scoped_lock lock{mutex_};
    const auto *body = std::get_if<StreamBody>(&request_.body);
    return {.paused = out_paused_ || in_paused_,
            .sent_all = body == nullptr || out_sent_ >= body->size,
            .answered = headers_done_};
}

void Transfer::throw_if_failed() const
{
    if (parked_)
        std::rethrow_exception(parked_);
    if (failure_)
        throw Failure{*failure_};
}

void Transfer::exchange(const std::stop_token &stop, const Wake &wake)
{
    if (const auto *body = std::get_if<StreamBody>(&request_.body); body != nullptr && body->size > 0)
        send_stream(*body, stop, wake);
    std::unique_lock lock{mutex_};
    if (!changed_.wait(lock, stop, [&] { return headers_done_ || ended_; }))
        throw Cancelled{};
    if (!headers_done_)
        throw_if_failed();
    if (!headers_done_)
        throw Failure{FailureKind::broken, fmt::format("{} closed the connection without an answer",
                                                       request_.url.host_and_port())};
}

void Transfer::send_stream(const StreamBody &body, const std::stop_token &stop, const Wake &wake)
{
    while (send_once(body, stop, wake)) {
        // libcurl asked for the body from its start again.
    }
}

/// True: the body is wanted once more.
bool Transfer::send_once(const StreamBody &body, const std::stop_token &stop, const Wake &wake)
{
    const auto source = body.open();
    std::uint64_t offered = 0;
    while (true) {
        throw_if_stopped(stop);
        // One more than is promised, to see the end; filling whole blocks for small bodies costs.
        auto block = spare_block();
        block.resize(static_cast<std::size_t>(std::min<std::uint64_t>(block_size, body.size - offered + 1)));
        block.resize(source->read(block));
        if (block.empty())
            break;
        offered += block.size();
        if (offered > body.size)
            throw Error{ErrorKind::integrity,
                        fmt::format("what is sent has more than the {} bytes promised", body.size)};
        switch (offer(std::move(block), stop, wake)) {
        case Offer::taken:
            break;
        case Offer::rewind:
            return true;
        case Offer::over:
            return false;
        }
    }
    if (offered != body.size)
        throw Error{ErrorKind::integrity,
                    fmt::format("what is sent ended after {} of {} bytes", offered, body.size)};
    return wait_after_body(stop);
}

std::vector<std::byte> Transfer::spare_block()
{
    const std::scoped_lock lock{mutex_};
    if (spare_.empty())
        return {};
    auto block = std::move(spare_.back());
    spare_.pop_back();
    return block;
}

Transfer::Offer Transfer::offer(std::vector<std::byte> block, const std::stop_token &stop, const Wake &wake)
{
    bool paused = false;
    auto result = Offer::taken;
    {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, stop,
                           [&] { return ended_ || refused() || rewind_ || out_bytes_ < buffer_limit; }))
            throw Cancelled{};
        if (rewind_) {
            rewind_ = false;
            return Offer::rewind;
        }
        // A transfer that waits for bytes which will not come does not end: it has to be woken, too.
        paused = std::exchange(out_paused_, false);
        if (ended_ || refused()) {
            gave_up_ = true;
            result = Offer::over;
        } else {
            out_bytes_ += block.size();
            out_.push_back(std::move(block));
        }
    }
    if (paused)
        wake();
    return result;
}

/// The body may have to be sent again until the answer is there.
bool Transfer::wait_after_body(const std::stop_token &stop)
{
    std::unique_lock lock{mutex_};
    if (!changed_.wait(lock, stop, [&] { return ended_ || headers_done_ || rewind_; }))
        throw Cancelled{};
    return std::exchange(rewind_, false);
}

int Transfer::status() const
{
    const std::scoped_lock lock{mutex_};
    return status_;
}

Headers Transfer::headers() const
{
    const std::scoped_lock lock{mutex_};
    return headers_;
}

bool Transfer::read(std::vector<std::byte> &block, const std::stop_token &stop, const Wake &wake)
{
    bool paused = false;
    {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, stop, [&] { return !in_.empty() || ended_; }))
            throw Cancelled{};
        if (in_.empty()) {
            throw_if_failed();
            return false;
        }
        block.clear();
        block.swap(in_);
        paused = std::exchange(in_paused_, false);
    }
    if (paused)
        wake();
    return true;
}

bool Transfer::ended() const
{
    const std::scoped_lock lock{mutex_};
    return ended_;
}

} // namespace mica::net
