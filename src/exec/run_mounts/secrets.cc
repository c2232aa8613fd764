#include "exec/run_mounts/secrets.hh"

#include "base/error.hh"
#include <fmt/format.h>

namespace mica::exec {

namespace {

/// Linux takes no variable that is longer (MAX_ARG_STRLEN, with its name).
constexpr std::uint64_t largest_variable = std::uint64_t{128} * 1024;

} // namespace

OpenedSecret open_secret(const plan::MountSpec &spec, const BuildRequest &request)
{
    const auto given = request.secrets.find(spec.id);
    if (given == request.secrets.end()) {
        if (!spec.required)
            return {};
        throw Error{ErrorKind::not_found, fmt::format("secret {}: not found", spec.id)}.with_hint(
            fmt::format("give it with --secret id={0},src=FILE or --secret id={0},env=VARIABLE", spec.id));
    }
    OpenedSecret opened;
    if (!spec.target.empty())
        opened.file = {spec.target, sandbox::SecretFile{given->second, spec.mode.value_or(0400),
                                                        spec.uid.value_or(0), spec.gid.value_or(0)}};
    if (!spec.env.empty())
        opened.variable = in_context([&] { return fmt::format("read the secret {}", spec.id); },
                                     [&] { return read_all(*given->second->open(), largest_variable); });
    return opened;
}

} // namespace mica::exec
