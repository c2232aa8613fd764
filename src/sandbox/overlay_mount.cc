#include "sandbox/overlay_mount.hh"

#include "os/check.hh"
#include "os/directory.hh"
#include "os/mount.hh"
#include "os/path_walk.hh"
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <set>
#include <string_view>
#include <sys/mount.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

/// mount(2) takes one page of options, and a layer's path is over a hundred bytes. Links
/// with short names, and a current directory next to them, leave room for as many layers
/// as overlayfs takes (500).
std::string link_layers(const LayerStack &stack, int directory)
{
    std::string names;
    const auto &layers = stack.layers();
    // A layer may be there twice (two RUNs that changed nothing), and overlayfs takes no directory twice.
    // Nothing of the lower one can be seen: what it has or hides, the higher one has and hides.
    std::set<std::string_view> linked;
    for (std::size_t number = layers.size(); number-- > 0;) {
        if (!linked.insert(layers[number].path).second)
            continue;
        const auto name = std::to_string(number);
        os::check(::symlinkat(layers[number].path.c_str(), directory, name.c_str()), "link to a layer");
        names += names.empty() ? name : ":" + name;
    }
    if (names.empty()) {
        os::check(::mkdirat(directory, "none", 0755), "make an empty layer");
        names = "none";
    }
    return names;
}

/// Best first. Each option says what a layer's changes must not depend on: directories are
/// copied rather than redirected, data is copied with metadata, nothing is indexed. "volatile"
/// (Linux 5.10) leaves out syncing a scratch directory to disk.
constexpr std::array<const char *, 3> option_sets{
    ",redirect_dir=off,metacopy=off,index=off,xino=off,volatile",
    ",redirect_dir=off,metacopy=off,index=off,xino=off", ""};

int try_mount(const std::string &lower, OverlayForm form)
{
    constexpr std::size_t page = 4096;
    int error_number = EINVAL;
    for (const char *more : option_sets) {
        auto options = fmt::format("lowerdir={},upperdir=../upper,workdir=../work{}", lower, more);
        if (form == OverlayForm::user)
            options += ",userxattr";
        if (options.size() >= page)
            throw Error{ErrorKind::unsupported, "the image has more layers than can be mounted"};
        if (::mount("overlay", "../root", "overlay", 0, options.c_str()) == 0)
            return 0;
        error_number = errno;
    }
    return error_number;
}

} // namespace

OverlayMount::OverlayMount(const LayerStack &stack, OverlayForm form, std::filesystem::path place)
    : place_{std::move(place)}
{
    const Fd directory = open_file(place_, O_RDONLY | O_DIRECTORY);
    const Fd upper = os::make_directory(directory.get(), "upper", 0755);
    (void)os::make_directory(directory.get(), "work", 0755);
    (void)os::make_directory(directory.get(), "root", 0755);
    const Fd lower = os::make_directory(directory.get(), "lower", 0755);
    const auto names = link_layers(stack, lower.get());
    (void)write_metadata(upper.get(), stack.root());
    os::check(::fchdir(lower.get()), "chdir");
    const int error_number = try_mount(names, form);
    os::check(::chdir("/"), "chdir /");
    if (error_number != 0) {
        auto error = system_error(fmt::format("mount an overlay in {}", place_.native()), error_number);
        if (error_number == EINVAL)
            error.set_hint("the state directory must not lie on an overlay file system itself: "
                           "give a volume with --state DIR");
        throw error;
    }
    root_ = open_file(root(), O_PATH | O_DIRECTORY);
}

OverlayMount::~OverlayMount()
{
    root_.reset();
    // Detached: a directory of ours that is still open must not keep the step from ending.
    (void)os::unmount(root().native(), MNT_DETACH);
}

} // namespace mica::sandbox
