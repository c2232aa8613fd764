#include "backends.hh"

#include "sandbox/namespace_backend.hh"
#include <map>
#include <unistd.h>

namespace mica::test {
namespace {

Machine &shared_machine(const std::string &name)
{
    static std::map<std::string, Machine> machines;
    return machines.try_emplace(name, name).first->second;
}

/// Exactly that one: choose_backend() would fall back from an overlay to a plain directory.
std::unique_ptr<sandbox::Backend> exactly(const std::string &name, const std::filesystem::path &state)
{
    sandbox::NamespaceOptions options{state, std::nullopt, sandbox::Storage::overlay};
    if (name == "plain")
        options.storage = sandbox::Storage::plain;
    else if (name == "ns" && ::geteuid() != 0)
        throw Error{ErrorKind::unsupported, "needs root"};
    if (name == "single")
        options = {state, sandbox::single_maps(), sandbox::Storage::plain, sandbox::Confinement::namespaces,
                   true};
    else if (name == "userns" || ::geteuid() != 0)
        options.user_namespace = sandbox::available_maps();
    sandbox::probe_namespaces(options);
    return sandbox::namespace_backend(options);
}

} // namespace

std::unique_ptr<sandbox::Backend> backend_or_skip(const std::string &name, const std::filesystem::path &state)
{
    if (!have_busybox()) {
        BOOST_TEST_MESSAGE("skipped: there is no /usr/bin/busybox (package busybox-static)");
        return nullptr;
    }
    try {
        return exactly(name, state);
    } catch (const Error &error) {
        BOOST_TEST_MESSAGE("skipped: " << error.message());
        return nullptr;
    }
}

Shell::Shell(const std::string &name)
{
    if (Machine &machine = shared_machine(name))
        steps_.emplace(*machine.backend, std::vector{busybox_root().layer()});
}

std::string Shell::out(const std::string &script)
{
    const auto result = steps_->sh(script);
    BOOST_TEST(result.status.code == 0, script << ": status " << result.status.code << ", " << result.err);
    return result.out;
}

} // namespace mica::test
