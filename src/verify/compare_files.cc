#include "verify/compare_files.hh"

#include "base/clock.hh"
#include "verify/cause.hh"
#include "verify/inside.hh"
#include "verify/text_diff.hh"
#include <fmt/format.h>
#include <future>
#include <set>

namespace mica::verify {

namespace {

using Properties = std::vector<Property>;
using Bytes = std::map<std::string, std::string>;

std::string type_name(tar::FileType type)
{
    switch (type) {
    case tar::FileType::regular:
        return "file";
    case tar::FileType::directory:
        return "directory";
    case tar::FileType::symlink:
        return "symbolic link";
    case tar::FileType::hardlink:
        return "hard link";
    case tar::FileType::fifo:
        return "named pipe";
    case tar::FileType::char_device:
        return "character device";
    case tar::FileType::block_device:
        return "block device";
    }
    return "unknown";
}

/// What stands at a path, in a few words.
std::string summary(const ListedChange &listed)
{
    const auto &entry = listed.change.entry;
    if (listed.change.kind != layer::Change::Kind::upsert)
        return "yes";
    auto text = fmt::format("{}, {:o}, {}:{}", type_name(entry.type), entry.mode, entry.uid, entry.gid);
    if (entry.type == tar::FileType::regular)
        text += fmt::format(", {} bytes", entry.size);
    if (!entry.link_target.empty())
        text += " to " + entry.link_target;
    return text;
}

std::string attribute(const std::string &value)
{
    if (is_text(value))
        return value;
    std::string hex = "0x";
    for (const char c : value)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return hex;
}

const char *kind_name(const ListedChange &listed)
{
    switch (listed.change.kind) {
    case layer::Change::Kind::upsert:
        return "file";
    case layer::Change::Kind::remove:
        return "removal";
    case layer::Change::Kind::opaque:
        return "opaque mark";
    }
    return "file";
}

void compare_attributes(const tar::Entry &left, const tar::Entry &right, Properties &out)
{
    for (const auto &[name, value] : left.xattrs) {
        const auto found = right.xattrs.find(name);
        if (found == right.xattrs.end())
            out.push_back({"xattr " + name, attribute(value), std::nullopt});
        else if (found->second != value)
            out.push_back({"xattr " + name, attribute(value), attribute(found->second)});
    }
    for (const auto &[name, value] : right.xattrs)
        if (!left.xattrs.contains(name))
            out.push_back({"xattr " + name, std::nullopt, attribute(value)});
}

void compare_entries(const tar::Entry &left, const tar::Entry &right, Properties &out)
{
    const auto compare = [&](const char *name, const std::string &a, const std::string &b) {
        if (a != b)
            out.push_back({name, a, b});
    };
    compare("type", type_name(left.type), type_name(right.type));
    compare("mode", fmt::format("{:o}", left.mode), fmt::format("{:o}", right.mode));
    compare("owner", fmt::format("{}:{}", left.uid, left.gid), fmt::format("{}:{}", right.uid, right.gid));
    compare("time", format_rfc3339(left.mtime), format_rfc3339(right.mtime));
    compare("link", left.link_target, right.link_target);
    compare("device", fmt::format("{}:{}", left.device_major, left.device_minor),
            fmt::format("{}:{}", right.device_major, right.device_minor));
    if (left.type == tar::FileType::regular && right.type == tar::FileType::regular)
        compare("size", std::to_string(left.size), std::to_string(right.size));
    compare_attributes(left, right, out);
}

bool has_content_difference(const FileDifference &file)
{
    return !file.properties.empty() && file.properties.back().name == "content";
}

/// All paths of both, in order, with what stands there.
std::vector<FileDifference> differing(const Listing &left, const Listing &right, std::size_t most,
                                      std::uint64_t &left_out)
{
    std::vector<FileDifference> files;
    const auto add = [&](const std::string &path, const ListedChange *a, const ListedChange *b) {
        auto properties = compare_changes(a, b);
        if (properties.empty())
            return;
        if (files.size() < most)
            files.push_back({path, std::move(properties)});
        else
            ++left_out;
    };
    auto a = left.begin();
    auto b = right.begin();
    while (a != left.end() || b != right.end()) {
        if (b == right.end() || (a != left.end() && PathOrder{}(a->first, b->first))) {
            add(a->first, &a->second, nullptr);
            ++a;
        } else if (a == left.end() || PathOrder{}(b->first, a->first)) {
            add(b->first, nullptr, &b->second);
            ++b;
        } else {
            add(a->first, &a->second, &b->second);
            ++a;
            ++b;
        }
    }
    return files;
}

/// Both at once: each is a stream through one processor.
template <class Read> auto both(const oci::PlacedLayer &left, const oci::PlacedLayer &right, Read read)
{
    auto other = std::async(std::launch::async, [&] { return read(left); });
    auto second = read(right);
    return std::pair{other.get(), std::move(second)};
}

void look_closer(const oci::PlacedLayer &left, const oci::PlacedLayer &right, const CompareOptions &options,
                 std::vector<FileDifference> &files, const std::stop_token &stop)
{
    std::set<std::string> paths;
    for (const auto &file : files)
        if (has_content_difference(file))
            paths.insert(file.path);
    std::pair<Bytes, Bytes> bytes;
    if (!paths.empty())
        bytes = both(left, right, [&](const oci::PlacedLayer &layer) {
            return read_files(layer, paths, options.most_bytes, options.most_in_all, stop);
        });
    for (auto &file : files) {
        const auto a = bytes.first.find(file.path), b = bytes.second.find(file.path);
        if (a == bytes.first.end() || b == bytes.second.end()) {
            file.cause = file_cause(file, nullptr);
            continue;
        }
        auto inside = look_inside(file.path, a->second, b->second);
        file.cause = file_cause(file, &inside);
        file.details = std::move(inside.details);
    }
}

} // namespace

Properties compare_changes(const ListedChange *left, const ListedChange *right)
{
    Properties out;
    if (left == nullptr || right == nullptr) {
        const auto &only = left != nullptr ? *left : *right;
        const auto text = summary(only);
        out.push_back({kind_name(only), left != nullptr ? std::optional{text} : std::nullopt,
                       right != nullptr ? std::optional{text} : std::nullopt});
        return out;
    }
    if (left->change.kind != right->change.kind) {
        out.push_back({"change", kind_name(*left), kind_name(*right)});
        return out;
    }
    if (left->change.kind != layer::Change::Kind::upsert)
        return out;
    compare_entries(left->change.entry, right->change.entry, out);
    if (left->content != right->content && left->change.entry.type == right->change.entry.type) {
        const auto hash = [](const ListedChange &listed) {
            return listed.content ? listed.content->str() : std::string{"empty"};
        };
        out.push_back({"content", hash(*left), hash(*right)});
    }
    return out;
}

void compare_files(const oci::PlacedLayer &left, const oci::PlacedLayer &right, const CompareOptions &options,
                   LayerDifference &into, const std::stop_token &stop)
{
    const auto [a, b] =
        both(left, right, [&](const oci::PlacedLayer &layer) { return list_layer(layer, stop); });
    into.files = differing(a, b, options.most_files, into.files_left_out);
    look_closer(left, right, options, into.files, stop);
}

void list_files(const oci::PlacedLayer &layer, bool is_left, const CompareOptions &options,
                LayerDifference &into, const std::stop_token &stop)
{
    constexpr std::size_t enough = 100; // names of a layer that has no counterpart
    const auto listing = list_layer(layer, stop);
    const Listing nothing;
    into.files = differing(is_left ? listing : nothing, is_left ? nothing : listing,
                           std::min(enough, options.most_files), into.files_left_out);
}

} // namespace mica::verify
