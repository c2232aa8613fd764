#include "base/error.hh"
#include "base/stop.hh"
#include "layer/layer_reader.hh"
#include "oci/open_layer.hh"
#include "verify/sbom/records.hh"
#include "verify/sbom/sbom.hh"
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>

// One pass over the layers. What a record says is kept by the record's path, so that a layer above takes it
// away by removing or replacing the record, as it would any file. Whiteouts of a layer act on the layers
// below alone, wherever in the archive they stand: so each layer is collected by itself and then put on top.

namespace mica::verify {

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{256} << 20;
constexpr std::uint64_t most_record = std::uint64_t{64} << 20;

using Reader = std::vector<Package> (*)(std::string_view);

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> endings)
{
    return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return path.ends_with(ending); });
}

/// ".../node_modules/NAME/package.json" or with a scope; not what lies deeper in a package.
bool is_npm_package(std::string_view path)
{
    constexpr std::string_view end = "/package.json", modules = "node_modules/";
    if (!path.ends_with(end))
        return false;
    path.remove_suffix(end.size());
    const auto at = path.rfind(modules);
    if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/'))
        return false;
    const auto name = path.substr(at + modules.size());
    const auto slashes = std::count(name.begin(), name.end(), '/');
    return slashes == (name.starts_with('@') ? 1 : 0);
}

Reader reader_for(std::string_view path)
{
    if (path == "var/lib/dpkg/status" ||
        (path.starts_with("var/lib/dpkg/status.d/") && !path.ends_with(".md5sums")))
        return read_dpkg_status;
    if (path == "lib/apk/db/installed" || path == "usr/lib/apk/db/installed")
        return read_apk_installed;
    if (path == "var/lib/rpmmanifest/container-manifest-2")
        return read_rpm_manifest;
    if (ends_with_any(path, {".dist-info/METADATA", ".egg-info/PKG-INFO", ".egg-info"}))
        return read_python_metadata;
    if (is_npm_package(path))
        return read_npm_package;
    if (path.ends_with("/Cargo.lock") || path == "Cargo.lock")
        return read_cargo_lock;
    if (ends_with_any(path, {".jar", ".war", ".ear"}))
        return read_jar;
    return nullptr;
}

bool is_closed_database(std::string_view path)
{
    return (path.starts_with("var/lib/rpm/") || path.starts_with("usr/lib/sysimage/rpm/")) &&
           ends_with_any(path, {"/rpmdb.sqlite", "/Packages", "/Packages.db"});
}

struct Record {
    std::vector<Package> packages;
    std::optional<Distribution> distribution{};
    bool closed = false;
};
using Records = std::map<std::string, Record, std::less<>>;

/// A file that says nothing has no record. An ELF file is told by its first bytes.
std::optional<Record> read_record(const tar::Entry &entry, Source *body)
{
    if (is_closed_database(entry.path))
        return Record{{}, {}, true};
    if (body == nullptr || entry.size > most_bytes)
        return std::nullopt;
    if (entry.path == "etc/os-release" || entry.path == "usr/lib/os-release")
        return Record{{}, read_os_release(read_all(*body, most_record))};
    Record record;
    if (const auto reader = reader_for(entry.path)) {
        record.packages = reader(read_all(*body, most_bytes));
    } else if ((entry.mode & 0111U) != 0) {
        std::array<std::byte, 4> head{};
        constexpr std::string_view elf = "\177ELF";
        const auto count = read_full(*body, head);
        std::string bytes{reinterpret_cast<const char *>(head.data()), count};
        if (bytes != elf)
            return std::nullopt;
        record.packages = read_program(bytes + read_all(*body, most_bytes));
    }
    if (record.packages.empty())
        return std::nullopt;
    for (auto &package : record.packages)
        package.path = "/" + entry.path;
    return record;
}

void erase_below(Records &records, const std::string &directory)
{
    const auto prefix = directory.empty() ? std::string{} : directory + "/";
    for (auto at = records.lower_bound(prefix); at != records.end() && at->first.starts_with(prefix);)
        at = records.erase(at);
}

/// Looks at one layer; takes from `below` what it removes or replaces.
Records read_records(const oci::PlacedLayer &layer, Records &below, const std::stop_token &stop)
{
    Records here;
    layer::read_layer(
        oci::open_layer(layer, stop),
        [&](const layer::Change &change, Source *body) {
            throw_if_stopped(stop);
            const auto &entry = change.entry;
            if (change.kind != layer::Change::Kind::upsert) {
                erase_below(below, entry.path);
                if (change.kind == layer::Change::Kind::remove)
                    below.erase(entry.path);
                return;
            }
            if (entry.type == tar::FileType::directory)
                return;
            below.erase(entry.path);
            here.erase(entry.path);
            erase_below(below, entry.path); // a file where a directory was
            if (auto record = entry.type == tar::FileType::regular ? read_record(entry, body) : std::nullopt)
                here.insert_or_assign(entry.path, std::move(*record));
        },
        stop);
    return here;
}

} // namespace

Inventory take_inventory(const oci::Image &image, const std::stop_token &stop)
{
    Records records;
    for (const auto &layer : image.layers)
        in_context([&] { return "reading layer " + layer.layer.blob.digest.str(); },
                   [&] { records.merge(read_records(layer, records, stop)); });
    Inventory inventory;
    for (const auto *path : {"usr/lib/os-release", "etc/os-release"})
        if (const auto found = records.find(path); found != records.end() && found->second.distribution)
            inventory.distribution = *found->second.distribution;
    for (auto &[path, record] : records) {
        if (record.closed)
            inventory.unread.push_back("/" + path);
        std::move(record.packages.begin(), record.packages.end(), std::back_inserter(inventory.packages));
    }
    std::sort(inventory.packages.begin(), inventory.packages.end());
    inventory.packages.erase(std::unique(inventory.packages.begin(), inventory.packages.end()),
                             inventory.packages.end());
    return inventory;
}

} // namespace mica::verify
