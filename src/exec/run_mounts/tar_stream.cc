#include "exec/run_mounts/tar_stream.hh"

#include "base/stop.hh"
#include "io/fd.hh"
#include "layer/layer_tar.hh"
#include "os/socket.hh"
#include <exception>
#include <functional>
#include <optional>
#include <thread>
#include <utility>

namespace mica::exec {

namespace {

/// Sockets, not a pipe: a reader that is gone is an error here, and never a signal.
class SocketSink final : public Sink {
public:
    explicit SocketSink(int socket) : socket_{socket} {}
    void write(BytesView bytes) override { os::send_with_fds(socket_, bytes, {}); }
    void finish() override {}

private:
    int socket_;
};

class TarStream final : public Source {
public:
    TarStream(std::vector<layer::Change> changes, const std::stop_token &stop)
        : forward_{stop, [this] { stop_.request_stop(); }}
    {
        auto [ours, theirs] = os::socket_pair();
        from_ = std::move(ours);
        writer_ = std::jthread{[this, changes = std::move(changes), to = std::move(theirs)]() mutable {
            write(changes, std::move(to));
        }};
    }
    ~TarStream() override
    {
        stop_.request_stop();
        from_.reset();
    }

    [[nodiscard]] std::size_t read(std::span<std::byte> into) override
    {
        if (into.empty() || ended_)
            return 0;
        std::vector<Fd> none;
        const std::size_t count = os::receive_full(from_.get(), into, none);
        if (count < into.size()) {
            ended_ = true;
            writer_.join();
            if (failure_)
                std::rethrow_exception(failure_);
        }
        return count;
    }

private:
    void write(std::vector<layer::Change> &changes, Fd to) noexcept
    {
        try {
            SocketSink sink{to.get()};
            layer::LayerTar tar{sink, std::nullopt, false, stop_.get_token()};
            for (auto &change : changes)
                (void)tar.add(std::move(change));
            tar.finish();
        } catch (...) {
            failure_ = std::current_exception();
        }
    }

    Fd from_;
    std::stop_source stop_;
    std::stop_callback<std::function<void()>> forward_;
    bool ended_ = false;
    std::exception_ptr failure_; ///< read after the thread's end
    std::jthread writer_;
};

} // namespace

std::unique_ptr<Source> tar_stream(std::vector<layer::Change> changes, const std::stop_token &stop)
{
    return std::make_unique<TarStream>(std::move(changes), stop);
}

} // namespace mica::exec
