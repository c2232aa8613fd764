// The order of keys is that of the image-spec's own structs (specs-go), which is what other builders write.
#include "oci/detail/json_write.hh"
#include "oci/json.hh"

#include "base/error.hh"

namespace mica::oci {

namespace detail {

std::string dump(const OrderedJson &json)
{
    return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

namespace {

std::string type_name(MediaType type, const std::string &other)
{
    std::string name{type == MediaType::other ? other : media_type_name(type)};
    if (name.empty())
        throw Error{ErrorKind::internal, "a descriptor without a media type cannot be written"};
    return name;
}

OrderedJson write_platform(const Platform &platform)
{
    OrderedJson out = OrderedJson::object();
    out["architecture"] = platform.architecture;
    out["os"] = platform.os;
    if (!platform.os_version.empty())
        out["os.version"] = platform.os_version;
    if (!platform.os_features.empty())
        out["os.features"] = platform.os_features;
    if (!platform.variant.empty())
        out["variant"] = platform.variant;
    return out;
}

OrderedJson write_head(MediaType type)
{
    OrderedJson out = OrderedJson::object();
    out["schemaVersion"] = 2;
    out["mediaType"] = type_name(type, {});
    return out;
}

OrderedJson write_descriptors(const std::vector<Descriptor> &descriptors)
{
    OrderedJson out = OrderedJson::array(); // never null: readers refuse that
    for (const auto &descriptor : descriptors)
        out.push_back(write_descriptor(descriptor));
    return out;
}

} // namespace

OrderedJson write_descriptor(const Descriptor &descriptor)
{
    OrderedJson out = OrderedJson::object();
    out["mediaType"] = type_name(descriptor.media_type, descriptor.other_media_type);
    out["digest"] = descriptor.digest.str();
    out["size"] = descriptor.size;
    if (!descriptor.urls.empty())
        out["urls"] = descriptor.urls;
    if (!descriptor.annotations.empty())
        out["annotations"] = descriptor.annotations;
    if (descriptor.platform)
        out["platform"] = write_platform(*descriptor.platform);
    if (!descriptor.artifact_type.empty())
        out["artifactType"] = descriptor.artifact_type;
    return out;
}

} // namespace detail

std::string to_json(const Manifest &manifest)
{
    auto out = detail::write_head(manifest.media_type);
    out["config"] = detail::write_descriptor(manifest.config);
    out["layers"] = detail::write_descriptors(manifest.layers);
    if (!manifest.annotations.empty())
        out["annotations"] = manifest.annotations;
    return detail::dump(out);
}

std::string to_json(const Index &index)
{
    auto out = detail::write_head(index.media_type);
    out["manifests"] = detail::write_descriptors(index.manifests);
    if (!index.annotations.empty())
        out["annotations"] = index.annotations;
    return detail::dump(out);
}

} // namespace mica::oci
