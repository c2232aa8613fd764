#include "sandbox/supervisor/fake_attributes.hh"

#include "os/path_walk.hh"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <sys/xattr.h>
#include <vector>

namespace mica::sandbox {
namespace {

constexpr std::string_view capability = "security.capability";
constexpr std::string_view access_list = "system.posix_acl_access";
constexpr std::string_view default_list = "system.posix_acl_default";
constexpr std::size_t longest_name = 256;
constexpr std::size_t largest_value = 65536;

bool is_list(std::string_view name)
{
    return name == access_list || name == default_list;
}

/// The permissions that a file gets with an access list (acl(5)): the bits of its owner, its mask
/// (else its group), and others. The value is <linux/posix_acl_xattr.h>'s.
std::optional<std::uint32_t> mode_of_list(std::string_view value)
{
    constexpr std::size_t header = 4;
    constexpr std::size_t entry = 8;
    if (value.size() < header || (value.size() - header) % entry != 0)
        return std::nullopt;
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    std::uint32_t others = 0;
    std::optional<std::uint32_t> mask;
    for (std::size_t at = header; at < value.size(); at += entry) {
        std::uint16_t tag = 0;
        std::uint16_t bits = 0;
        std::memcpy(&tag, value.data() + at, sizeof tag);
        std::memcpy(&bits, value.data() + at + sizeof tag, sizeof bits);
        if (tag == 0x01)
            owner = bits & 7U;
        else if (tag == 0x04)
            group = bits & 7U;
        else if (tag == 0x10)
            mask = bits & 7U;
        else if (tag == 0x20)
            others = bits & 7U;
    }
    return (owner << 6U) | (mask.value_or(group) << 3U) | others;
}

/// How the file of a call is named: a path (its last link followed or not), or a descriptor.
enum class By : std::uint8_t { path, link, descriptor };

class FakeAttributes {
public:
    explicit FakeAttributes(const FakeWorld &world) : world_{world} {}

    void add_to(Dispatch &dispatch) const
    {
        add_family(dispatch, "", By::path);
        add_family(dispatch, "l", By::link);
        add_family(dispatch, "f", By::descriptor);
        // Linux 6.13. Programs fall back to the older calls.
        for (const char *name : {"setxattrat", "getxattrat", "listxattrat", "removexattrat"})
            dispatch.answer(name, ENOSYS);
    }

private:
    void add_family(Dispatch &dispatch, const std::string &prefix, By by) const
    {
        dispatch.on(prefix + "setxattr", [*this, by](SystemCall &call) { return set(call, by); });
        dispatch.on(prefix + "getxattr", [*this, by](SystemCall &call) { return get(call, by); });
        dispatch.on(prefix + "listxattr", [*this, by](SystemCall &call) { return list(call, by); });
        dispatch.on(prefix + "removexattr", [*this, by](SystemCall &call) { return remove(call, by); });
    }

    [[nodiscard]] Fd file_of(const SystemCall &call, By by) const
    {
        if (by == By::descriptor)
            return world_.paths().find(call, {call.integer(0), {}, true, true});
        return world_.paths().find(call, {AT_FDCWD, call.text(0), by == By::path});
    }
    /// The kernel does the rest, or we in its place.
    template <class Body> [[nodiscard]] Reply finish(Body &&body) const
    {
        if (world_.kernel_finishes())
            return Reply::pass();
        const auto result = body();
        return result < 0 ? Reply::error(errno) : Reply::value(result);
    }

    [[nodiscard]] Reply set(const SystemCall &call, By by) const
    {
        const auto name = call.text(1, longest_name);
        if (world_.kernel_finishes() && name != capability && !is_list(name))
            return Reply::pass();
        const Fd file = file_of(call, by);
        if (call.argument(3) > largest_value)
            return Reply::error(E2BIG);
        std::string value(call.argument(3), '\0');
        call.read(call.argument(2), std::as_writable_bytes(std::span{value}));
        const auto who = world_.caller(call);
        if (name == capability) {
            if (!who.is_root())
                return Reply::error(EPERM);
            return record(file, name, value);
        }
        FakeWorld::require_owner(who, world_.look(file.get()));
        if (is_list(name))
            return set_list(file, name, value);
        const auto link = own_link(file.get());
        return finish([&] {
            return ::setxattr(link.c_str(), name.c_str(), value.data(), value.size(), call.integer(4));
        });
    }

    [[nodiscard]] Reply record(const Fd &file, const std::string &name, const std::string &value) const
    {
        const auto status = status_of_file(file.get());
        world_.records().change(key_of(status), [&](FileRecord &known) { known.xattrs[name] = value; });
        renew(file, status);
        return Reply::value();
    }

    /// The time that tells of a change, without what chown takes away.
    void renew(const Fd &file, const struct statx &status) const
    {
        if (!S_ISLNK(status.stx_mode))
            set_mode(world_, file.get(), world_.look(file.get()).stx_mode);
    }

    /// Always on record, so that ids need not exist. What counts for an image is the mode.
    [[nodiscard]] Reply set_list(const Fd &file, const std::string &name, const std::string &value) const
    {
        const auto mode = mode_of_list(value);
        if (!mode)
            return Reply::error(EINVAL);
        constexpr std::size_t entries_of_a_mode = 4 + 3 * 8;
        const auto status = status_of_file(file.get());
        if (name == default_list && !S_ISDIR(status.stx_mode))
            return Reply::error(EACCES);
        world_.records().change(key_of(status), [&](FileRecord &known) {
            if (name == access_list && value.size() <= entries_of_a_mode)
                known.xattrs.erase(name); // says no more than the mode
            else
                known.xattrs[name] = value;
        });
        const auto shown = world_.look(file.get()).stx_mode;
        set_mode(world_, file.get(), name == access_list ? (shown & ~0777U) | *mode : shown);
        return Reply::value();
    }

    [[nodiscard]] std::optional<std::string> recorded(const Fd &file, const std::string &name) const
    {
        const auto known = world_.records().find(key_of(status_of_file(file.get())));
        if (!known)
            return std::nullopt;
        const auto found = known->xattrs.find(name);
        return found != known->xattrs.end() ? std::optional{found->second} : std::nullopt;
    }

    [[nodiscard]] Reply get(const SystemCall &call, By by) const
    {
        const auto name = call.text(1, longest_name);
        if (world_.kernel_finishes() && name != capability && !is_list(name))
            return Reply::pass();
        const Fd file = file_of(call, by);
        if (name == capability || is_list(name)) {
            const auto value = recorded(file, name);
            return value ? give(call, 2, *value) : Reply::error(ENODATA);
        }
        std::string value(std::min(call.argument(3), std::uint64_t{largest_value}), '\0');
        const auto size = ::getxattr(own_link(file.get()).c_str(), name.c_str(), value.data(), value.size());
        if (size < 0)
            return Reply::error(errno);
        if (!value.empty())
            call.write(call.argument(2),
                       std::as_bytes(std::span{value}.first(static_cast<std::size_t>(size))));
        return Reply::value(size);
    }

    /// `buffer`: the argument with the address; the size follows.
    [[nodiscard]] static Reply give(const SystemCall &call, unsigned buffer, const std::string &value)
    {
        const auto room = call.argument(buffer + 1);
        if (room != 0 && room < value.size())
            return Reply::error(ERANGE);
        if (room != 0 && !value.empty())
            call.write(call.argument(buffer), std::as_bytes(std::span{value}));
        return Reply::value(static_cast<std::int64_t>(value.size()));
    }

    [[nodiscard]] Reply list(const SystemCall &call, By by) const
    {
        const Fd file = file_of(call, by);
        const auto known = world_.records().find(key_of(status_of_file(file.get())));
        std::string real(largest_value, '\0');
        const auto size = ::listxattr(own_link(file.get()).c_str(), real.data(), real.size());
        if (size < 0 && errno != ENOTSUP)
            return Reply::error(errno);
        real.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
        std::set<std::string> names;
        for (std::size_t at = 0; at < real.size(); at = real.find('\0', at) + 1)
            names.insert(real.c_str() + at);
        if (known)
            for (const auto &[name, value] : known->xattrs)
                names.insert(name);
        std::string all;
        for (const auto &name : names)
            all.append(name).push_back('\0');
        return give(call, 1, all);
    }

    [[nodiscard]] Reply remove(const SystemCall &call, By by) const
    {
        const auto name = call.text(1, longest_name);
        if (world_.kernel_finishes() && name != capability && !is_list(name))
            return Reply::pass();
        const Fd file = file_of(call, by);
        const auto who = world_.caller(call);
        FakeWorld::require_owner(who, world_.look(file.get()));
        if (name == capability || is_list(name)) {
            if (name == capability && !who.is_root())
                return Reply::error(EPERM);
            if (!recorded(file, name))
                return name == capability ? Reply::error(ENODATA) : Reply::value();
            const auto status = status_of_file(file.get());
            world_.records().change(key_of(status), [&](FileRecord &known) { known.xattrs.erase(name); });
            renew(file, status);
            return Reply::value();
        }
        const auto link = own_link(file.get());
        return finish([&] { return ::removexattr(link.c_str(), name.c_str()); });
    }

    const FakeWorld &world_;
};

} // namespace

void fake_attributes(Dispatch &dispatch, const FakeWorld &world)
{
    FakeAttributes{world}.add_to(dispatch);
}

} // namespace mica::sandbox
