#include "verify/printable.hh"
#include "verify/report.hh"
#include <nlohmann/json.hpp>

namespace mica::verify {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const std::optional<std::string> &text)
{
    return text ? Json(printable(*text, true)) : Json(nullptr);
}

void put_cause(Json &into, const std::optional<Cause> &cause)
{
    if (cause)
        into["cause"] = {{"code", cause->code}, {"sentence", cause->sentence}};
}

Json to_json(const std::vector<Property> &properties)
{
    Json list = Json::array();
    for (const auto &property : properties) {
        Json item{{"name", printable(property.name, false)},
                  {"left", to_json(property.left)},
                  {"right", to_json(property.right)}};
        put_cause(item, property.cause);
        list.push_back(std::move(item));
    }
    return list;
}

Json to_json(const FileDifference &file)
{
    Json json{{"path", "/" + printable(file.path, false)}, {"properties", to_json(file.properties)}};
    put_cause(json, file.cause);
    Json details = Json::array();
    for (const auto &detail : file.details)
        details.push_back(
            {{"title", printable(detail.title, false)}, {"text", printable(detail.text, true)}});
    if (!details.empty())
        json["details"] = std::move(details);
    return json;
}

Json to_json(const LayerDifference &layer)
{
    Json json;
    json["left"] = layer.left ? Json(*layer.left) : Json(nullptr);
    json["right"] = layer.right ? Json(*layer.right) : Json(nullptr);
    json["created_by"] = printable(layer.created_by, false);
    json["properties"] = to_json(layer.properties);
    put_cause(json, layer.cause);
    json["files"] = Json::array();
    for (const auto &file : layer.files)
        json["files"].push_back(to_json(file));
    if (layer.files_left_out > 0)
        json["files_left_out"] = layer.files_left_out;
    return json;
}

Json to_json(const ImageDifference &image)
{
    Json json{{"platform", image.platform},
              {"same_layers", image.same_layers},
              {"manifest", to_json(image.manifest)},
              {"config", to_json(image.config)},
              {"history", to_json(image.history)}};
    json["layers"] = Json::array();
    for (const auto &layer : image.layers)
        json["layers"].push_back(to_json(layer));
    return json;
}

} // namespace

std::string render_json(const Report &report)
{
    Json json;
    json["same"] = report.same();
    json["left"] = {{"name", printable(report.left.name, false)}, {"digest", report.left.digest}};
    json["right"] = {{"name", printable(report.right.name, false)}, {"digest", report.right.digest}};
    json["index"] = to_json(report.index);
    json["images"] = Json::array();
    for (const auto &image : report.images)
        json["images"].push_back(to_json(image));
    return json.dump(2) + "\n";
}

} // namespace mica::verify
