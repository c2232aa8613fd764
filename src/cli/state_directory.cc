#include "cli/state_directory.hh"

#include "base/error.hh"
#include "os/directory.hh"
#include <fcntl.h>
#include <fmt/format.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mica::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view scratch_prefix = "build-";
constexpr const char *lock_name = "lock";

void make_private_directory(const fs::path &path)
{
    std::error_code code;
    fs::create_directories(path.parent_path(), code);
    if (!code && ::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        code = std::error_code{errno, std::generic_category()};
    if (!code && !fs::is_directory(path, code) && !code)
        code = std::make_error_code(std::errc::not_a_directory);
    if (code)
        throw system_error(fmt::format("the state directory {}", path.string()), code.value())
            .with_hint("choose another one with --state DIR, or with MICA_STATE in the environment");
}

std::string scratch_name()
{
    std::random_device random;
    return fmt::format("{}{}-{:08x}", scratch_prefix, ::getpid(), random());
}

} // namespace

ScratchDirectory::~ScratchDirectory()
{
    if (path_.empty())
        return;
    try {
        const os::FileLock guard{guard_, os::LockMode::exclusive, {}};
        const auto parent = open_file(path_.parent_path(), O_RDONLY | O_DIRECTORY);
        os::remove_tree(parent.get(), path_.filename());
    } catch (const std::exception &) { // NOLINT(bugprone-empty-catch)
        // The next process tries again, and says what is in the way.
    }
}

StateDirectory::StateDirectory(fs::path root) : root_{fs::absolute(std::move(root)).lexically_normal()}
{
    if (!root_.has_filename()) // a trailing slash
        root_ = root_.parent_path();
    make_private_directory(root_);
    make_private_directory(temporary());
}

ScratchDirectory StateDirectory::make_scratch(const std::stop_token &stop) const
{
    const os::FileLock guarded{guard(), os::LockMode::exclusive, stop};
    auto path = temporary() / scratch_name();
    if (::mkdir(path.c_str(), 0700) != 0)
        throw system_error(fmt::format("make {}", path.string()), errno);
    auto lock = os::FileLock{path / lock_name, os::LockMode::exclusive, stop};
    return {std::move(path), guard(), std::move(lock)};
}

std::vector<std::string> StateDirectory::remove_leftovers(const std::stop_token &stop) const
{
    const os::FileLock guarded{guard(), os::LockMode::exclusive, stop};
    const auto parent = open_file(temporary(), O_RDONLY | O_DIRECTORY);
    std::vector<std::string> complaints;
    for (const auto &name : os::list_directory(parent.get())) {
        if (!name.starts_with(scratch_prefix))
            continue;
        try {
            if (const auto lock =
                    os::FileLock::try_lock(temporary() / name / lock_name, os::LockMode::exclusive))
                os::remove_tree(parent.get(), name);
        } catch (const Error &error) {
            complaints.push_back(
                fmt::format("{} is left of a dead build and cannot be removed: {}", name, error.message()));
        }
    }
    return complaints;
}

fs::path StateDirectory::choose(const std::optional<fs::path> &option, const Environment &environment)
{
    if (option)
        return *option;
    if (const auto state = environment.get("MICA_STATE"))
        return *state;
    if (environment.is_root)
        return "/var/lib/mica";
    if (const auto data = environment.get("XDG_DATA_HOME"))
        return fs::path{*data} / "mica";
    if (const auto home = environment.get("HOME"))
        return fs::path{*home} / ".local/share/mica";
    throw Error{ErrorKind::usage, "there is no place for the state directory: HOME is not set"}.with_hint(
        "name one with --state DIR");
}

} // namespace mica::cli
