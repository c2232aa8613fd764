#include "exec/fixups.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "exec/fixup_bytes.hh"
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

namespace mica::exec {

namespace {

using layer::Change;

struct Named {
    std::string_view name;
    Fixup fixup;
};
constexpr std::array names{
    Named{"logs", Fixup::logs}, Named{"caches", Fixup::caches}, Named{"machine-id", Fixup::machine_id},
    Named{"pyc", Fixup::pyc},   Named{"ar", Fixup::ar},         Named{"gzip", Fixup::gzip},
    Named{"zip", Fixup::zip}};

/// Programs make these anew, or nobody reads them.
constexpr std::array<std::string_view, 12> cache_prefixes{
    "var/cache/ldconfig/", "var/cache/apt/",     "var/cache/fontconfig/", "var/cache/man/",
    "var/cache/dnf/",      "var/cache/yum/",     "var/cache/apk/",        "root/.cache/",
    "root/.npm/",          "var/lib/apt/lists/", "var/cache/pacman/",     "var/cache/swcatalog/"};
constexpr std::array<std::string_view, 4> old_copies{"var/lib/dpkg/", "var/cache/debconf/", "etc/passwd-",
                                                     "etc/group-"};

bool is_cache(std::string_view path)
{
    const auto below = [&](std::string_view prefix) { return path.starts_with(prefix); };
    if (std::any_of(cache_prefixes.begin(), cache_prefixes.end(), below))
        return true;
    if (path.starts_with("home/") && path.find("/.cache/") != std::string_view::npos)
        return true;
    if (path == "etc/shadow-" || path == "etc/gshadow-")
        return true;
    // "status-old": what was there before the last change
    return std::any_of(old_copies.begin(), old_copies.end(), [&](std::string_view prefix) {
        return prefix.ends_with('/') ? path.starts_with(prefix) && path.ends_with("-old") : path == prefix;
    });
}

constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;

std::int64_t seconds(Time time)
{
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> endings)
{
    return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return path.ends_with(ending); });
}

class FixedChanges final : public layer::ChangeSource {
public:
    FixedChanges(std::unique_ptr<ChangeSource> from, Fixups fixups, std::optional<Time> epoch)
        : from_{std::move(from)}, fixups_{std::move(fixups)}, epoch_{epoch}
    {
    }

    void visit(const layer::ChangeVisitor &visitor, const std::stop_token &stop) override
    {
        from_->visit([&](const Change &change) { pass(change, visitor); }, stop);
    }

private:
    void pass(Change change, const layer::ChangeVisitor &visitor)
    {
        const bool is_file =
            change.kind == Change::Kind::upsert && change.entry.type != tar::FileType::directory;
        if (is_file && is_left_out(change.entry.path, fixups_)) {
            if (change.entry.type == tar::FileType::regular)
                left_out_.insert_or_assign(change.entry.path, std::move(change));
            return;
        }
        if (is_file && change.entry.type == tar::FileType::hardlink)
            keep_link(change);
        if (is_file && change.content && change.entry.size <= most_bytes)
            fix(change);
        visitor(change);
    }

    /// Another name of a file that was left out: the first that stays has the bytes.
    void keep_link(Change &change)
    {
        if (const auto moved = moved_.find(change.entry.link_target); moved != moved_.end()) {
            change.entry.link_target = moved->second;
            return;
        }
        const auto target = left_out_.find(change.entry.link_target);
        if (target == left_out_.end())
            return;
        moved_.emplace(change.entry.link_target, change.entry.path);
        const auto path = change.entry.path;
        change = target->second;
        change.entry.path = path;
    }

    void fix(Change &change) const
    {
        const auto &path = change.entry.path;
        const auto latest = epoch_ ? seconds(*epoch_) : std::int64_t{0xffffffff};
        const auto rewrite = [&](const auto &rule) {
            auto bytes = read_all(*change.content->open(), most_bytes);
            rule(bytes);
            change.content = std::make_shared<StringContent>(std::move(bytes));
        };
        if (fixups_.contains(Fixup::pyc) && path.ends_with(".pyc"))
            rewrite([&](std::string &bytes) { fix_pyc(bytes, latest); });
        else if (fixups_.contains(Fixup::ar) && path.ends_with(".a"))
            rewrite([](std::string &bytes) { fix_ar(bytes); });
        else if (fixups_.contains(Fixup::gzip) && ends_with_any(path, {".gz", ".tgz"}))
            rewrite([](std::string &bytes) { fix_gzip(bytes); });
        else if (fixups_.contains(Fixup::zip) &&
                 ends_with_any(path, {".zip", ".jar", ".war", ".ear", ".whl"}))
            rewrite([&](std::string &bytes) { fix_zip(bytes, epoch_ ? latest : 0); });
    }

    std::unique_ptr<ChangeSource> from_;
    Fixups fixups_;
    std::optional<Time> epoch_;
    std::map<std::string, Change> left_out_;
    std::map<std::string, std::string> moved_; ///< targets of hard links → their new first names
};

} // namespace

Fixups parse_fixups(std::string_view list)
{
    Fixups fixups;
    if (trim(list).empty())
        return fixups;
    for (const auto part : split(list, ',')) {
        const auto name = trim(part);
        const auto found =
            std::find_if(names.begin(), names.end(), [&](const Named &named) { return named.name == name; });
        if (found != names.end()) {
            fixups.insert(found->fixup);
        } else if (name == "all") {
            for (const auto &named : names)
                fixups.insert(named.fixup);
        } else {
            throw Error{ErrorKind::usage, fmt::format("there is no fixup \"{}\"", name)}.with_hint(
                "logs, caches, machine-id, pyc, ar, gzip, zip, or all");
        }
    }
    return fixups;
}

std::string format_fixups(const Fixups &fixups)
{
    std::vector<std::string> parts;
    for (const auto &named : names)
        if (fixups.contains(named.fixup))
            parts.emplace_back(named.name);
    return join(parts, ",");
}

std::unique_ptr<layer::ChangeSource> with_fixups(std::unique_ptr<layer::ChangeSource> changes,
                                                 const Fixups &fixups, std::optional<Time> epoch)
{
    if (fixups.empty())
        return changes;
    return std::make_unique<FixedChanges>(std::move(changes), fixups, epoch);
}

bool is_left_out(std::string_view path, const Fixups &fixups)
{
    if (fixups.contains(Fixup::logs) && path.starts_with("var/log/"))
        return true;
    if (fixups.contains(Fixup::machine_id) && (path == "etc/machine-id" || path == "var/lib/dbus/machine-id"))
        return true;
    return fixups.contains(Fixup::caches) && is_cache(path);
}

} // namespace mica::exec
