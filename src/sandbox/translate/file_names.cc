#include "sandbox/translate/file_names.hh"

#include "sandbox/supervisor/proc_status.hh"
#include "sandbox/supervisor/reply.hh"
#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace mica::sandbox {
namespace {

Reply result(int value)
{
    return value < 0 ? Reply::error(errno) : Reply::value(value);
}

std::string_view last_component(std::string_view path)
{
    path = path.substr(0, path.find_last_not_of('/') + 1);
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

class FileNames {
public:
    explicit FileNames(const FileWorld &world) : world_{world} {}

    void add_to(Dispatch &dispatch) const
    {
        add_removal(dispatch);
        add_moves(dispatch);
        add_links(dispatch);
        dispatch.on("getcwd", [*this](SystemCall &call) { return working_directory(call); });
    }

private:
    void add_removal(Dispatch &dispatch) const
    {
        dispatch.on("unlink",
                    [*this](SystemCall &call) { return remove(call, {AT_FDCWD, call.text(0)}, 0); });
        dispatch.on("rmdir", [*this](SystemCall &call) {
            return remove(call, {AT_FDCWD, call.text(0)}, AT_REMOVEDIR);
        });
        dispatch.on("unlinkat", [*this](SystemCall &call) {
            return remove(call, {call.integer(0), call.text(1)}, call.integer(2));
        });
    }

    void add_moves(Dispatch &dispatch) const
    {
        dispatch.on("rename", [*this](SystemCall &call) {
            return rename(call, {AT_FDCWD, call.text(0)}, {AT_FDCWD, call.text(1)}, 0);
        });
        dispatch.on("renameat", [*this](SystemCall &call) {
            return rename(call, {call.integer(0), call.text(1)}, {call.integer(2), call.text(3)}, 0);
        });
        dispatch.on("renameat2", [*this](SystemCall &call) {
            return rename(call, {call.integer(0), call.text(1)}, {call.integer(2), call.text(3)},
                          call.word(4));
        });
    }

    void add_links(Dispatch &dispatch) const
    {
        dispatch.on("link", [*this](SystemCall &call) {
            return link(call, {AT_FDCWD, call.text(0), false}, {AT_FDCWD, call.text(1)});
        });
        dispatch.on("linkat", [*this](SystemCall &call) {
            const unsigned flags = call.word(4);
            return link(call,
                        {call.integer(0), call.text(1), (flags & AT_SYMLINK_FOLLOW) != 0,
                         (flags & AT_EMPTY_PATH) != 0},
                        {call.integer(2), call.text(3)});
        });
        dispatch.on("readlink", [*this](SystemCall &call) {
            return read_link(call, {AT_FDCWD, call.text(0), false}, 1);
        });
        dispatch.on("readlinkat", [*this](SystemCall &call) {
            return read_link(call, {call.integer(0), call.text(1), false, true}, 2);
        });
    }

    /// EACCES or EPERM unless the caller may take this name away.
    void require_removable(const Credentials &who, const NamePlace &place) const
    {
        if (who.rules_files())
            return;
        world_.fake.require_writable(who, place.directory.get());
        const auto directory = world_.fake.look(place.directory.get());
        if ((directory.stx_mode & S_ISVTX) == 0 || directory.stx_uid == who.user.filesystem)
            return;
        const Fd file{::openat(place.directory.get(), place.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC)};
        if (file && world_.fake.look(file.get()).stx_uid != who.user.filesystem)
            throw CallFailed{EPERM};
    }

    /// For names that cannot be taken away: ".", ".." and "/".
    [[nodiscard]] NamePlace place_or(const SystemCall &call, const FileName &name, int error_number) const
    try {
        return world_.paths.place(call, name);
    } catch (const CallFailed &failed) {
        throw CallFailed{failed.error_number == EEXIST ? error_number : failed.error_number};
    }

    [[nodiscard]] Reply remove(const SystemCall &call, const FileName &name, int flags) const
    {
        if ((flags & ~AT_REMOVEDIR) != 0)
            throw CallFailed{EINVAL};
        const bool is_directory = flags == AT_REMOVEDIR;
        const auto last = last_component(name.path);
        const int of_directory = last == "." ? EINVAL : last == ".." ? ENOTEMPTY : EBUSY;
        const auto place = place_or(call, name, is_directory ? of_directory : EISDIR);
        require_removable(world_.fake.caller(call), place);
        if (!is_directory && name.path.ends_with('/'))
            throw CallFailed{is_directory_at(place) ? EISDIR : ENOTDIR};
        return result(::unlinkat(place.directory.get(), place.name.c_str(), flags));
    }

    [[nodiscard]] static bool is_directory_at(const NamePlace &place)
    {
        struct stat status{};
        if (::fstatat(place.directory.get(), place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0)
            throw CallFailed{errno};
        return S_ISDIR(status.st_mode);
    }

    [[nodiscard]] Reply rename(const SystemCall &call, const FileName &from, const FileName &to,
                               unsigned flags) const
    {
        const auto source = place_or(call, from, EBUSY);
        const auto target = place_or(call, to, (flags & RENAME_NOREPLACE) != 0 ? EEXIST : EBUSY);
        const auto who = world_.fake.caller(call);
        require_removable(who, source);
        require_removable(who, target);
        if ((from.path.ends_with('/') || to.path.ends_with('/')) && !is_directory_at(source))
            throw CallFailed{ENOTDIR};
        return result(::renameat2(source.directory.get(), source.name.c_str(), target.directory.get(),
                                  target.name.c_str(), flags));
    }

    [[nodiscard]] Reply link(const SystemCall &call, const FileName &from, const FileName &to) const
    {
        const Fd file = world_.paths.find(call, from);
        const auto target = world_.paths.place(call, to);
        const auto who = world_.fake.caller(call);
        if (!who.rules_files())
            world_.fake.require_writable(who, target.directory.get());
        const auto status = status_of_file(file.get());
        if (S_ISDIR(status.stx_mode))
            throw CallFailed{EPERM};
        // The link in /proc to a link is followed to what that says.
        if (S_ISLNK(status.stx_mode) && !from.path.empty()) {
            const auto source = world_.paths.place(call, from);
            return result(::linkat(source.directory.get(), source.name.c_str(), target.directory.get(),
                                   target.name.c_str(), 0));
        }
        return result(::linkat(AT_FDCWD, own_link(file.get()).c_str(), target.directory.get(),
                               target.name.c_str(), AT_SYMLINK_FOLLOW));
    }

    [[nodiscard]] Reply read_link(const SystemCall &call, const FileName &name, unsigned buffer) const
    {
        auto text = link_text(call, name);
        const auto room = call.integer(buffer + 1);
        if (room <= 0)
            throw CallFailed{EINVAL};
        text.resize(std::min(text.size(), static_cast<std::size_t>(room)));
        call.write(call.argument(buffer), std::as_bytes(std::span{text}));
        return Reply::value(static_cast<std::int64_t>(text.size()));
    }

    [[nodiscard]] std::string link_text(const SystemCall &call, const FileName &name) const
    {
        const auto found = world_.paths.locate(call, name);
        if (found.proc) {
            const auto program = world_.paths.program_of(*found.proc);
            return program ? *program : world_.paths.proc().link(call, *found.proc);
        }
        std::array<char, PATH_MAX> text{};
        const auto size = ::readlinkat(found.file.get(), "", text.data(), text.size());
        if (size < 0)
            throw CallFailed{errno == ENOENT && !name.path.empty() ? EINVAL : errno};
        return {text.data(), static_cast<std::size_t>(size)};
    }

    [[nodiscard]] Reply working_directory(const SystemCall &call) const
    {
        const Fd directory = world_.paths.find(call, {AT_FDCWD, {}, true, true});
        if (status_of_file(directory.get()).stx_nlink == 0)
            throw CallFailed{ENOENT};
        auto path = world_.paths.seen(directory.get());
        path.push_back('\0');
        if (call.argument(1) < path.size())
            throw CallFailed{ERANGE};
        call.write(call.argument(0), std::as_bytes(std::span{path}));
        return Reply::value(static_cast<std::int64_t>(path.size()));
    }

    FileWorld world_;
};

} // namespace

void translate_names(Dispatch &dispatch, const FileWorld &world)
{
    FileNames{world}.add_to(dispatch);
}

} // namespace mica::sandbox
