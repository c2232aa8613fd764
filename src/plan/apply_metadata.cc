#include "base/text.hh"
#include "dockerfile/ports.hh"
#include "dockerfile/signals.hh"
#include "plan/apply.hh"
#include "plan/go_text.hh"
#include <fmt/format.h>

namespace mica::plan {
namespace {

void check_port(const StageScope &scope, const dockerfile::PortSpec &port)
{
    if (port.written_protocol != to_lower(port.written_protocol))
        scope.checks.report(
            Rule::expose_proto_casing, scope.where(),
            fmt::format("Defined protocol '{}' in EXPOSE instruction should be lowercase", port.text));
    if (!port.ip.empty() || !port.host.empty())
        scope.checks.report(
            Rule::expose_invalid_format, scope.where(),
            fmt::format("EXPOSE instruction should not define an IP address or host-port mapping, "
                        "found '{}'",
                        port.text));
}

} // namespace

void apply(const StageScope &scope, const dockerfile::Maintainer &maintainer)
{
    scope.stage.image.author = maintainer.name;
    add_history(scope.stage, "MAINTAINER " + maintainer.name, false);
}

void apply(const StageScope &scope, const dockerfile::User &user)
{
    scope.config().user = scope.expand(user.user);
    add_history(scope.stage, "USER " + scope.config().user, false);
}

void apply(const StageScope &scope, const dockerfile::Volume &volume)
{
    const auto paths = scope.expand_each(volume.paths);
    for (const auto &path : paths) {
        if (path.empty())
            throw Error{ErrorKind::dockerfile, "VOLUME specified can not be an empty string"};
        scope.config().volumes.insert(path);
    }
    add_history(scope.stage, "VOLUME " + plain_list(paths), false);
}

void apply(const StageScope &scope, const dockerfile::StopSignal &signal)
{
    const auto name = scope.expand(signal.signal);
    if (!dockerfile::parse_signal(name))
        throw Error{ErrorKind::dockerfile, fmt::format("invalid signal: {}", name)}.with_hint(
            "a number, or a name such as SIGTERM or RTMIN+3");
    scope.config().stop_signal = name;
    add_history(scope.stage, "STOPSIGNAL " + name, false);
}

/// A word may hold several ports after expansion, as in EXPOSE $PORTS.
void apply(const StageScope &scope, const dockerfile::Expose &expose)
{
    std::vector<std::string> ports;
    for (const auto &word : expose.ports) {
        const auto expanded =
            dockerfile::expand_words(word, scope.stage.environment, {.escape = scope.build.escape});
        for (const auto &text : expanded.words) {
            const auto port = dockerfile::parse_port(text);
            check_port(scope, port);
            for (auto &name : dockerfile::exposed_ports(port))
                ports.push_back(std::move(name));
        }
    }
    scope.config().exposed_ports.insert(ports.begin(), ports.end());
    add_history(scope.stage, "EXPOSE " + plain_list(ports), false);
}

/// Kept for those who build on this image; the history does not know of it.
void apply(const StageScope &scope, const dockerfile::OnBuild &on_build)
{
    scope.config().on_build.push_back(on_build.text);
}

} // namespace mica::plan
