// Names in an index.json
//
// ref.name alone is a name that the user chose. Beside a full name it is that name's tag only, which images
// of several repositories may share. So two entries have the same name if their full names are equal, or if
// they have the same ref.name and one of them has no full name. The newer entry takes the name, the older one
// goes.
#include "oci/detail/layout_index.hh"

#include "base/json_node.hh"
#include "oci/detail/json_write.hh"
#include "oci/json.hh"

namespace mica::oci::detail {

namespace {

struct Names {
    std::string ref, full;
    [[nodiscard]] bool none() const { return ref.empty() && full.empty(); }
};

Names names_of(const Json &entry)
{
    const auto annotations = entry.find("annotations");
    if (annotations == entry.end() || !annotations->is_object())
        return {};
    const auto text = [&](const char *key) {
        const auto value = annotations->find(key);
        return value != annotations->end() && value->is_string() ? value->get<std::string>() : std::string{};
    };
    return {text(ref_name), text(full_name)};
}

bool same_name(const Names &a, const Names &b)
{
    if (!a.full.empty() && !b.full.empty())
        return a.full == b.full;
    return !a.ref.empty() && a.ref == b.ref;
}

} // namespace

std::string add_to_index(std::string_view index_json, const Descriptor &entry)
{
    (void)parse_manifest(index_json,
                         media_type_name(MediaType::oci_index)); // its shape is as expected from here on
    auto index = parse_document(index_json, manifest_limit, "index.json");
    const auto added = Json::parse(dump(write_descriptor(entry)));
    const auto names = names_of(added);
    Json kept = Json::array();
    bool there = false;
    for (auto &old : index["manifests"]) {
        const bool same_blob = old["digest"] == added["digest"];
        const auto old_names = names_of(old);
        if (same_name(old_names, names) || (same_blob && old_names.none()))
            continue;
        there = there || same_blob;
        kept.push_back(std::move(old));
    }
    if (!names.none() || !there)
        kept.push_back(added);
    index["manifests"] = std::move(kept);
    return index.dump();
}

} // namespace mica::oci::detail
