#include "verify/compare_documents.hh"

#include "base/clock.hh"
#include "verify/cause.hh"
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace mica::verify {

namespace {

using Json = nlohmann::json;
using Properties = std::vector<Property>;

void add(Properties &out, std::string name, std::optional<std::string> left, std::optional<std::string> right)
{
    Property property{std::move(name), std::move(left), std::move(right), std::nullopt};
    property.cause = config_cause(property);
    out.push_back(std::move(property));
}

std::string shown(const Json &value)
{
    if (value.is_string())
        return value.get<std::string>();
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::string> shown(const Json *value)
{
    return value == nullptr ? std::nullopt : std::optional{shown(*value)};
}

const Json *member(const Json &object, const std::string &key)
{
    const auto found = object.find(key);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

void compare_values(const std::string &name, const Json *left, const Json *right, Properties &out);

void compare_objects(const std::string &name, const Json &left, const Json &right,
                     const std::set<std::string> &skipped, Properties &out)
{
    std::set<std::string> keys;
    for (const auto &object : {left, right})
        for (const auto &[key, value] : object.items())
            keys.insert(key);
    for (const auto &key : keys)
        if (!skipped.contains(key))
            compare_values(name.empty() ? key : name + "." + key, member(left, key), member(right, key), out);
}

/// "NAME=value" by name: a variable more does not move the others.
std::map<std::string, std::string> variables(const Json &list)
{
    std::map<std::string, std::string> out;
    for (const auto &item : list) {
        const auto text = shown(item);
        const auto equals = text.find('=');
        out.insert_or_assign(text.substr(0, equals),
                             equals == std::string::npos ? "" : text.substr(equals + 1));
    }
    return out;
}

void compare_variables(const std::string &name, const Json &left, const Json &right, Properties &out)
{
    const auto a = variables(left), b = variables(right);
    const auto before = out.size();
    for (const auto &[key, value] : a) {
        const auto found = b.find(key);
        if (found == b.end())
            add(out, name + "." + key, value, std::nullopt);
        else if (found->second != value)
            add(out, name + "." + key, value, found->second);
    }
    for (const auto &[key, value] : b)
        if (!a.contains(key))
            add(out, name + "." + key, std::nullopt, value);
    if (out.size() == before)
        add(out, name + " (order)", shown(left), shown(right));
}

void compare_values(const std::string &name, const Json *left, const Json *right, Properties &out)
{
    if (left != nullptr && right != nullptr) {
        if (*left == *right)
            return;
        if (left->is_object() && right->is_object())
            return compare_objects(name, *left, *right, {}, out);
        if (name == "config.Env" && left->is_array() && right->is_array())
            return compare_variables(name, *left, *right, out);
    } else if (left == right) {
        return;
    } else if (const auto *only = left != nullptr ? left : right; only->is_object() && !only->empty()) {
        static const Json nothing = Json::object();
        return compare_objects(name, left != nullptr ? *left : nothing, right != nullptr ? *right : nothing,
                               {}, out);
    }
    add(out, name, shown(left), shown(right));
}

Properties compare_documents(const std::string &left, const std::string &right,
                             const std::set<std::string> &skipped)
{
    Properties out;
    compare_objects({}, Json::parse(left), Json::parse(right), skipped, out);
    return out;
}

std::optional<std::string> time_of(const oci::History &entry)
{
    return entry.created ? std::optional{format_rfc3339(*entry.created)} : std::nullopt;
}

/// Times are one property for all entries: they come from one clock.
void compare_times(const std::vector<oci::History> &left, const std::vector<oci::History> &right,
                   Properties &out)
{
    std::size_t count = 0, first = 0;
    for (std::size_t i = 0; i < std::min(left.size(), right.size()); ++i) {
        if (left[i].created == right[i].created)
            continue;
        first = count++ == 0 ? i : first;
    }
    if (count > 0)
        add(out,
            count == 1 ? fmt::format("entry {}.created", first + 1)
                       : fmt::format("{} entries.created", count),
            time_of(left[first]), time_of(right[first]));
}

} // namespace

Properties compare_configs(const Variant &left, const Variant &right)
{
    if (left.config_json == right.config_json)
        return {};
    auto out = compare_documents(left.config_json, right.config_json, {"history", "rootfs"});
    const auto &a = left.image.config, &b = right.image.config;
    if (out.empty() && a.history == b.history && a.diff_ids == b.diff_ids)
        add(out, "form of the document", fmt::format("{} bytes", left.config_json.size()),
            fmt::format("{} bytes", right.config_json.size()));
    return out;
}

Properties compare_histories(const Variant &left, const Variant &right)
{
    Properties out;
    const auto &a = left.image.config.history, &b = right.image.config.history;
    compare_times(a, b, out);
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        const auto number = fmt::format("entry {}", i + 1);
        if (i >= a.size() || i >= b.size()) {
            add(out, number, i < a.size() ? std::optional{a[i].created_by} : std::nullopt,
                i < b.size() ? std::optional{b[i].created_by} : std::nullopt);
            continue;
        }
        const auto compare = [&](const char *name, const std::string &x, const std::string &y) {
            if (x != y)
                add(out, number + "." + name, x, y);
        };
        compare("created_by", a[i].created_by, b[i].created_by);
        compare("author", a[i].author, b[i].author);
        compare("comment", a[i].comment, b[i].comment);
        compare("empty_layer", a[i].empty_layer ? "true" : "false", b[i].empty_layer ? "true" : "false");
    }
    return out;
}

Properties compare_manifests(const Variant &left, const Variant &right)
{
    if (left.manifest_json.empty() || right.manifest_json.empty() ||
        left.manifest_json == right.manifest_json)
        return {};
    auto out = compare_documents(left.manifest_json, right.manifest_json, {"config", "layers", "mediaType"});
    const auto type = [](const Variant &variant) {
        return std::string{oci::media_type_name(variant.manifest.media_type)};
    };
    if (type(left) != type(right))
        add(out, "media type", type(left), type(right));
    return out;
}

Properties compare_indexes(const OpenedImage &left, const OpenedImage &right)
{
    Properties out;
    if (left.top.digest == right.top.digest)
        return out;
    if (left.is_index != right.is_index) {
        const auto kind = [](const OpenedImage &image) { return image.is_index ? "an index" : "one image"; };
        add(out, "kind", kind(left), kind(right));
    }
    if (left.annotations != right.annotations)
        compare_objects("annotations", Json(left.annotations), Json(right.annotations), {}, out);
    const auto digests = [](const OpenedImage &image) {
        std::set<std::string> all;
        for (const auto &companion : image.companions)
            all.insert(companion.descriptor.digest.str());
        return all;
    };
    const auto a = digests(left), b = digests(right);
    for (const auto &digest : a)
        if (!b.contains(digest))
            add(out, "attestation", digest, std::nullopt);
    for (const auto &digest : b)
        if (!a.contains(digest))
            add(out, "attestation", std::nullopt, digest);
    return out;
}

} // namespace mica::verify
