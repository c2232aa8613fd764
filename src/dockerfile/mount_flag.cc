#include "dockerfile/mount_flag.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "dockerfile/csv.hh"
#include "dockerfile/sizes.hh"
#include "dockerfile/suggest.hh"
#include <array>
#include <charconv>
#include <cstddef>
#include <fmt/format.h>
#include <utility>

namespace mica::dockerfile {

namespace {

Error refused(std::string message)
{
    return Error{ErrorKind::dockerfile, std::move(message)};
}

/// Index of `value` in `names`, in any case.
template <std::size_t count>
std::size_t choose(const std::array<std::string, count> &names, std::string_view value, std::string_view what)
{
    for (std::size_t i = 0; i < count; ++i)
        if (names[i] == to_lower(value))
            return i;
    throw unknown_word(fmt::format("unsupported {} \"{}\"", what, value), value, names);
}

const std::array<std::string, 5> &kind_names()
{
    static const std::array<std::string, 5> names = {"bind", "cache", "tmpfs", "secret", "ssh"};
    return names;
}

MountKind kind_of(std::string_view value)
{
    return static_cast<MountKind>(choose(kind_names(), value, "mount type"));
}

MountSharing sharing_of(std::string_view value)
{
    static const std::array<std::string, 3> names = {"shared", "private", "locked"};
    return static_cast<MountSharing>(choose(names, value, "sharing value"));
}

std::uint32_t number_field(std::string_view key, std::string_view value, int base)
{
    std::uint32_t out = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out, base);
    if (value.empty() || error != std::errc{} || end != value.data() + value.size())
        throw refused(fmt::format("invalid value {} for {}", value, key));
    return out;
}

/// Puts the fields into a Mount, one after the other. The kind is known before,
/// so that the order of the fields does not matter.
class MountBuilder {
public:
    explicit MountBuilder(MountKind kind)
    {
        mount_.kind = kind;
        mount_.read_only = kind != MountKind::cache && kind != MountKind::tmpfs;
    }

    void add_bare(const MountField &field)
    {
        if (field.key == "readonly" || field.key == "ro")
            mount_.read_only = true;
        else if (field.key == "readwrite" || field.key == "rw")
            mount_.read_only = false;
        else if (field.key == "required")
            set_required(true);
        else
            throw refused(fmt::format("invalid field '{}' must be a key=value pair", field.text));
    }

    void add(const MountField &field, std::string value)
    {
        if (!add_text(field.key, value) && !add_typed(field.key, value))
            throw unknown_word(fmt::format("unexpected key '{}' in '{}'", field.key, field.text), field.key,
                               all_keys());
    }

    [[nodiscard]] Mount finish() &&
    {
        if (mount_.kind == MountKind::secret)
            check_secret();
        if (mount_.sharing && mount_.kind != MountKind::cache)
            throw refused(fmt::format("invalid cache sharing set for {} mount", name()));
        if (mount_.env && mount_.kind != MountKind::secret)
            throw refused(fmt::format("env not allowed for \"{}\" type mounts", name()));
        return std::move(mount_);
    }

private:
    [[nodiscard]] static const std::array<std::string, 19> &all_keys()
    {
        static const std::array<std::string, 19> keys = {
            "type",     "from",        "source", "target", "readonly", "id",  "sharing",
            "required", "size",        "mode",   "uid",    "gid",      "src", "dst",
            "env",      "destination", "ro",     "rw",     "readwrite"};
        return keys;
    }
    [[nodiscard]] const std::string &name() const
    {
        return kind_names()[static_cast<std::size_t>(mount_.kind)];
    }

    /// Keys whose value is a text.
    bool add_text(std::string_view key, std::string &value)
    {
        if (key == "type")
            return true; // known already
        if (key == "from")
            mount_.from = std::move(value);
        else if (key == "source" || key == "src")
            mount_.source = std::move(value);
        else if (key == "target" || key == "dst" || key == "destination")
            mount_.target = std::move(value);
        else if (key == "id")
            mount_.id = std::move(value);
        else if (key == "env")
            mount_.env = std::move(value);
        else
            return false;
        return true;
    }

    bool add_typed(std::string_view key, const std::string &value)
    {
        if (key == "readonly" || key == "ro")
            mount_.read_only = boolean_field(key, value);
        else if (key == "readwrite" || key == "rw")
            mount_.read_only = !boolean_field(key, value);
        else if (key == "required")
            set_required(boolean_field(key, value));
        else if (key == "sharing")
            mount_.sharing = sharing_of(value);
        else if (key == "size")
            set_size(value);
        else if (key == "mode")
            mount_.mode = file_number(key, value, 8);
        else if (key == "uid")
            mount_.uid = file_number(key, value, 10);
        else if (key == "gid")
            mount_.gid = file_number(key, value, 10);
        else
            return false;
        return true;
    }

    void set_required(bool required)
    {
        if (mount_.kind != MountKind::secret && mount_.kind != MountKind::ssh)
            throw refused(fmt::format("unexpected key 'required' for mount type '{}'", name()));
        mount_.required = required;
    }

    void set_size(const std::string &value)
    {
        if (mount_.kind != MountKind::tmpfs)
            throw refused(fmt::format("unexpected key 'size' for mount type '{}'", name()));
        const auto size = parse_size(value);
        if (!size)
            throw refused(fmt::format("invalid value for size: {}", value))
                .with_hint("a size is a number of bytes, or a number with k, m, g or t");
        mount_.size = *size;
    }

    [[nodiscard]] std::uint32_t file_number(std::string_view key, const std::string &value, int base) const
    {
        const auto number = number_field(key, value, base);
        if (mount_.kind == MountKind::bind || mount_.kind == MountKind::tmpfs)
            throw refused(fmt::format("{} not allowed for \"{}\" type mounts", key, name()));
        return number;
    }

    void check_secret() const
    {
        if (!mount_.from.empty())
            throw refused("secret mount should not have a from");
        if (mount_.sharing)
            throw refused("secret mount should not define sharing");
        if (mount_.source.empty() && mount_.target.empty() && mount_.id.empty())
            throw refused("invalid secret mount. one of source, target required");
        if (!mount_.source.empty() && !mount_.id.empty())
            throw refused("both source and id can't be set");
    }

    Mount mount_;
};

} // namespace

std::vector<MountField> mount_fields(std::string_view text)
{
    std::vector<MountField> out;
    for (auto &written : csv_fields(text)) {
        const auto equals = written.find('=');
        MountField field{to_lower(written.substr(0, equals)), std::nullopt, {}};
        if (equals != std::string::npos)
            field.value = written.substr(equals + 1);
        // The stages and images that a step needs must be known before anything is expanded.
        if (field.key == "from" && field.value) {
            const auto dollar = field.value->find('$');
            if (dollar != std::string::npos && dollar + 1 != field.value->size())
                throw refused("'from' doesn't support variable expansion, define alias stage instead")
                    .with_hint(
                        "write FROM with the variable AS a name further up, and use from= with this name");
        }
        field.text = std::move(written);
        out.push_back(std::move(field));
    }
    return out;
}

Mount parse_mount(const MountFlag &flag, const MountExpander &expand)
{
    return in_context([&] { return fmt::format("--mount={}", flag.text); },
                      [&] {
                          auto fields = mount_fields(flag.text);
                          auto kind = MountKind::bind;
                          for (auto &field : fields) {
                              if (field.value)
                                  field.value = expand(*field.value);
                              if (field.value && field.key == "type")
                                  kind = kind_of(*field.value);
                          }
                          MountBuilder builder{kind};
                          for (auto &field : fields) {
                              if (field.value)
                                  builder.add(field, *std::move(field.value));
                              else
                                  builder.add_bare(field);
                          }
                          return std::move(builder).finish();
                      });
}

} // namespace mica::dockerfile
