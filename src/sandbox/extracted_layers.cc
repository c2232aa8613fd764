#include "sandbox/extracted_layers.hh"

#include "base/stop.hh"
#include "os/socket.hh"
#include "sandbox/extractor.hh"
#include "sandbox/layer_directory.hh"
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <sys/socket.h>
#include <vector>

namespace mica::sandbox {
namespace {

/// False: the other end does not want more (it failed, and its answer says why).
bool send_some(const Fd &to, BytesView bytes)
{
    try {
        os::send_with_fds(to.get(), bytes, {});
        return true;
    } catch (const Error &) {
        return false;
    }
}

void feed(Source &tar, const Fd &to, Task &task, const std::stop_token &stop)
{
    std::vector<std::byte> buffer(std::size_t{256} * 1024);
    std::uint64_t sent = 0;
    while (const std::size_t count = tar.read(buffer)) {
        throw_if_stopped(stop);
        if (!send_some(to, std::span{buffer}.first(count)))
            return;
        sent += count;
        task.progress(sent, 0);
    }
}

} // namespace

ExtractAnswer extract(const ExtractRequest &what, std::unique_ptr<Source> tar, AgentProcess &agent,
                      Task &task, const std::stop_token &stop)
{
    auto [ours, theirs] = os::socket_pair();
    const std::array<int, 1> fds{theirs.get()};
    agent.send(Ask::extract, encode(what), fds);
    theirs.reset();
    try {
        feed(*tar, ours, task, stop);
    } catch (...) {
        // The helper sees a tar that is cut short; what it says about it is of no interest.
        ours.reset();
        try {
            (void)agent.receive();
        } catch (const Error &) {
        }
        (void)agent.ask(Ask::discard);
        throw;
    }
    ours.reset();
    ExtractAnswer answer;
    try {
        answer = decode<ExtractAnswer>(agent.receive().body);
    } catch (const Error &) {
        (void)agent.ask(Ask::discard);
        throw;
    }
    (void)agent.ask(Ask::keep);
    return answer;
}

void warn_of_stand_ins(const LayerNotes &notes, const LayerSource &layer, EventBus &bus)
{
    if (notes.approximated == 0)
        return;
    bus.publish(event::Note{
        event::Note::Level::warning,
        fmt::format("{} files of layer {} have an owner or a device number that this user "
                    "namespace cannot have; commands see a stand-in, the image keeps the real one",
                    notes.approximated, layer.diff_id.str()),
        {}});
}

bool ExtractedLayers::is_there(const std::string &name) const
{
    try {
        return decode<LayerNotes>(read_file(notes_file(directory_, name))).boot_id == current_boot();
    } catch (const Error &) {
        return false;
    }
}

HeldLayer ExtractedLayers::hold(const LayerSource &layer, AgentProcess &agent, EventBus &bus, TaskId parent,
                                const std::stop_token &stop) const
{
    const auto name = layer.diff_id.hex();
    const auto lock_path = directory_ / (name + ".lock");
    while (true) {
        {
            os::FileLock shared{lock_path, os::LockMode::shared, stop};
            if (is_there(name))
                return {name, std::move(shared)};
        }
        // Somebody may extract it between the two locks; then the next round finds it.
        const os::FileLock exclusive{lock_path, os::LockMode::exclusive, stop};
        if (is_there(name))
            continue;
        Task task{bus, parent, TaskKind::extract, fmt::format("extract {}", layer.diff_id.str())};
        const auto answer =
            in_context([&] { return fmt::format("extract layer {}", layer.diff_id.str()); },
                       [&] {
                           auto tar = layer.stream_tar ? layer.stream_tar(stop) : layer.open_tar(stop);
                           return extract({Place::layers, name, layer.index_wanted()}, std::move(tar), agent,
                                          task, stop);
                       });
        warn_of_stand_ins(answer.notes, layer, bus);
        if (layer.learned)
            layer.learned(answer.index);
    }
}

} // namespace mica::sandbox
