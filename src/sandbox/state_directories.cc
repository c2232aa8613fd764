#include "sandbox/state_directories.hh"

#include "base/error.hh"
#include "io/hash.hh"
#include <string>
#include <system_error>

namespace mica::sandbox {
namespace {

std::string flavour(const std::optional<IdMaps> &maps, bool fake_root)
{
    if (!maps)
        return fake_root ? "unowned" : "ns";
    const auto text = map_text(maps->uids) + "/" + map_text(maps->gids);
    return "userns-" + sha256(text).hex().substr(0, 12);
}

} // namespace

StateDirectories make_state_directories(const std::filesystem::path &state, const std::optional<IdMaps> &maps,
                                        bool fake_root)
{
    const auto root = std::filesystem::absolute(state);
    const auto name = flavour(maps, fake_root);
    StateDirectories directories{root / "layers" / name, root / "cache-mounts" / name, root / "scratch"};
    std::error_code error;
    for (const auto &path : {directories.layers, directories.caches, directories.scratch})
        if (!std::filesystem::create_directories(path, error) && error)
            throw system_error(path.native(), error.value());
    return directories;
}

} // namespace mica::sandbox
