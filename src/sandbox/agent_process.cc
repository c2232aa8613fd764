#include "sandbox/agent_process.hh"

#include "base/error.hh"
#include "os/socket.hh"
#include "sandbox/child_name.hh"
#include "sandbox/content_reader.hh"
#include <array>
#include <csignal>
#include <fcntl.h>

namespace mica::sandbox {
namespace {

/// After this long a helper that should end is killed. Removing what a step wrote may take a while.
constexpr int patience_milliseconds = 60'000;

os::Process start(int channel)
{
    os::SpawnOptions options;
    options.executable = "/proc/self/exe";
    options.argv = {child_name};
    options.third = channel;
    return os::spawn(options);
}

} // namespace

Fd ContentOpener::open(const std::string &directory, const std::string &path)
{
    // Most files can be opened from here. In a user namespace those of other ids and without
    // read permission cannot.
    try {
        const Fd scratch = open_file(scratch_, O_PATH | O_DIRECTORY);
        return open_step_file(scratch.get(), directory, path);
    } catch (const Error &error) {
        if (error.kind() != ErrorKind::denied)
            throw;
    }
    const std::scoped_lock lock{mutex_};
    channel_.send(static_cast<std::uint32_t>(Ask::open_content), encode(OpenRequest{directory, path}));
    auto answer = expect_answer(channel_);
    if (answer.fds.size() != 1)
        throw Error{ErrorKind::internal, "the sandbox's helper sent no file"};
    return std::move(answer.fds.front());
}

AgentProcess::AgentProcess(const AgentOptions &options) : AgentProcess{options, os::socket_pair()} {}

AgentProcess::AgentProcess(const AgentOptions &options, std::pair<Fd, Fd> control)
    : channel_{std::move(control.first)}, process_{start(control.second.get())}
{
    control.second.reset();
    auto [ours, readers] = os::socket_pair();
    contents_ = std::make_shared<ContentOpener>(Channel{std::move(ours)}, options.scratch);
    const std::array<int, 1> fds{readers.get()};
    (void)ask(Ask::setup,
              encode(SetupRequest{options.confinement, options.user_namespace.has_value(), options.fake_root,
                                  options.storage, options.layers, options.caches, options.scratch}),
              options.user_namespace ? std::span<const int>{fds} : std::span<const int>{});
    readers.reset();
    if (options.user_namespace)
        write_id_maps(process_.pid(), *options.user_namespace);
    (void)ask(Ask::mapped);
}

AgentProcess::~AgentProcess()
{
    channel_.close();
    if (!process_.dies_within(patience_milliseconds))
        process_.kill(SIGKILL);
}

Message AgentProcess::ask(Ask what, std::string_view body, std::span<const int> fds)
{
    send(what, body, fds);
    return receive();
}

void AgentProcess::send(Ask what, std::string_view body, std::span<const int> fds)
{
    channel_.send(static_cast<std::uint32_t>(what), body, fds);
}

Message AgentProcess::receive()
{
    return expect_answer(channel_);
}

} // namespace mica::sandbox
