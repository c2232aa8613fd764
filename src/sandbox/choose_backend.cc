#include "sandbox/examine.hh"
#include "sandbox/namespace_backend.hh"
#include "sandbox/sandbox.hh"

#include "base/error.hh"
#include <fmt/format.h>
#include <functional>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mica::sandbox {
namespace {

/// One way to isolate, as choose_backend() tries it.
struct Candidate {
    std::string name;
    /// What would allow it, where the refusal itself does not say.
    std::string hint;
    std::function<std::unique_ptr<Backend>()> make; ///< throws Error when it does not work here
};

/// In mica's own image alone, whose root holds nothing that could be mixed with a stage's.
constexpr const char *own_image_marker = "/.mica-image";

void note(EventBus &bus, std::string text)
{
    bus.publish(event::Note{event::Note::Level::debug, std::move(text), {}});
}

std::string explain(const Error &error)
{
    auto text = error.message();
    for (const auto &frame : error.context())
        text = frame + ": " + text;
    return text;
}

/// With an overlay if the state directory can have one, else with a plain directory.
std::unique_ptr<Backend> make_namespaces(NamespaceOptions wanted, EventBus &bus)
{
    try {
        probe_namespaces(wanted);
        return namespace_backend(std::move(wanted));
    } catch (const Error &error) {
        wanted.storage = Storage::plain;
        probe_namespaces(wanted);
        note(bus,
             fmt::format("no overlay can be mounted in the state directory, so layers are not shared between "
                         "builds and each command's changes are searched for: {}",
                         explain(error)));
    }
    return namespace_backend(std::move(wanted));
}

std::unique_ptr<Backend> make_ns(const Options &options, EventBus &bus)
{
    if (::geteuid() != 0)
        throw Error{ErrorKind::unsupported, "needs root"};
    return make_namespaces({options.state, std::nullopt, Storage::overlay}, bus);
}

/// Without ids of others to give (`why`): root is the caller, and the rest is recorded.
std::unique_ptr<Backend> make_single_userns(const Options &options, const Error &why)
{
    NamespaceOptions wanted{options.state, single_maps(), Storage::plain, Confinement::namespaces, true};
    try {
        probe_namespaces(wanted);
    } catch (Error &error) {
        error.add_context(fmt::format("{}; with one id", explain(why)));
        if (why.hint())
            error.set_hint(*why.hint());
        throw;
    }
    return namespace_backend(std::move(wanted));
}

std::unique_ptr<Backend> make_userns(const Options &options, EventBus &bus)
{
    try {
        return make_namespaces({options.state, available_maps(), Storage::overlay}, bus);
    } catch (const Error &error) {
        note(bus, fmt::format("a user namespace can have one id only, so other owners are recorded "
                              "instead of set: {}",
                              explain(error)));
        return make_single_userns(options, error);
    }
}

/// With root's rights to files, and a supervisor for the rest.
std::unique_ptr<Backend> make_chroot(const Options &options)
{
    if (::geteuid() != 0)
        throw Error{ErrorKind::unsupported, "needs root"};
    // The commands' root has the same id: without this it could read the credentials in our memory.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    NamespaceOptions wanted{options.state, std::nullopt, Storage::plain, Confinement::chroot};
    probe_namespaces(wanted);
    return namespace_backend(std::move(wanted));
}

/// With nothing at all: the supervisor does what the command may not.
std::unique_ptr<Backend> make_translate(const Options &options)
{
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    NamespaceOptions wanted{options.state, std::nullopt, Storage::plain, Confinement::translation, true};
    probe_namespaces(wanted);
    return namespace_backend(std::move(wanted));
}

/// Kaniko's way, for where there is nothing else: commands run in the container's own root.
std::unique_ptr<Backend> make_inplace(const Options &options)
{
    if (options.isolation != "inplace" && ::access(own_image_marker, F_OK) != 0)
        throw Error{ErrorKind::unsupported, "this is not mica's own image"}.with_hint(
            "use mica's own image, or --isolation inplace if nothing else lives in this container: a RUN "
            "is not contained there");
    if (::geteuid() != 0)
        throw Error{ErrorKind::unsupported, "needs root"};
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    NamespaceOptions wanted{options.state, std::nullopt, Storage::plain, Confinement::in_place};
    probe_namespaces(wanted);
    return namespace_backend(std::move(wanted));
}

/// Strongest first.
std::vector<Candidate> candidates(const Options &options, EventBus &bus)
{
    return {
        {"ns",
         "Kubernetes: securityContext: {privileged: true}; Docker: --privileged; GitLab Runner: "
         "privileged = true in [runners.docker]",
         [&] { return make_ns(options, bus); }},
        {"userns",
         "Kubernetes: securityContext: {seccompProfile: {type: Unconfined}}; Docker: --security-opt "
         "seccomp=unconfined; GitLab Runner: security_opt = [\"seccomp:unconfined\"] in [runners.docker]",
         [&] { return make_userns(options, bus); }},
        {"chroot",
         "Kubernetes: securityContext: {runAsUser: 0} with the capabilities that Docker gives by default; "
         "Docker: --user 0",
         [&] { return make_chroot(options); }},
        {"translate",
         "a kernel with seccomp user notification (Linux 5.14) and ptrace(2) for child processes, and a "
         "state "
         "directory (--state) that can be written to",
         [&] { return make_translate(options); }},
        {"inplace", "as for chroot; and mica's own image", [&] { return make_inplace(options); }}};
}

std::vector<Candidate> wanted(const Options &options, EventBus &bus)
{
    auto all = candidates(options, bus);
    if (options.isolation == "auto")
        return all;
    std::string names = "auto";
    for (auto &candidate : all) {
        if (candidate.name == options.isolation)
            return {std::move(candidate)};
        names += ", " + candidate.name;
    }
    throw Error{ErrorKind::usage,
                fmt::format("unknown isolation '{}'; there are: {}", options.isolation, names)};
}

/// Keeps what is said on the way to a backend that works in the end.
class NoteKeeper final : public EventBus {
public:
    void publish(EventBody body) noexcept override
    {
        if (const auto *said = std::get_if<event::Note>(&body))
            text_ += (text_.empty() ? "" : "; ") + said->text;
    }
    [[nodiscard]] std::string take() { return std::exchange(text_, {}); }

private:
    std::string text_;
};

} // namespace

std::vector<Examined> examine_backends(const Options &options)
{
    NoteKeeper notes;
    std::vector<Examined> all;
    for (const auto &candidate : candidates(options, notes)) {
        Examined one{candidate.name, false, {}, {}};
        try {
            (void)candidate.make();
            one.works = true;
            one.why = notes.take();
        } catch (const Error &error) {
            one.why = explain(error);
            one.hint = error.hint().value_or(candidate.hint);
            (void)notes.take();
        }
        all.push_back(std::move(one));
    }
    return all;
}

std::unique_ptr<Backend> choose_backend(const Options &options, EventBus &bus)
{
    std::string refusals;
    std::optional<std::string> hint;
    for (const auto &candidate : wanted(options, bus)) {
        try {
            auto backend = candidate.make();
            note(bus, fmt::format("commands run with isolation '{}'", candidate.name));
            return backend;
        } catch (const Error &error) {
            note(bus, fmt::format("isolation '{}' is not possible here: {}", candidate.name, explain(error)));
            refusals += fmt::format("{}{}: {}", refusals.empty() ? "" : "; ", candidate.name, explain(error));
            hint = error.hint() ? error.hint() : hint;
        }
    }
    Error error{ErrorKind::unsupported,
                fmt::format("commands cannot be isolated on this machine ({})", refusals)};
    if (hint)
        error.set_hint(*hint);
    throw error;
}

} // namespace mica::sandbox
