#include "base/json_node.hh"

#include "base/error.hh"
#include <algorithm>
#include <fmt/format.h>

namespace mica {

namespace {

constexpr int deepest = 64; // image documents need about six

} // namespace

Json parse_document(std::string_view text, std::size_t limit, std::string_view what)
{
    if (text.size() > limit)
        throw Error{ErrorKind::integrity,
                    fmt::format("the {} has {} bytes; more than {} are not read", what, text.size(), limit)};
    const auto watch_depth = [what](int depth, Json::parse_event_t, Json &) {
        if (depth > deepest)
            throw Error{ErrorKind::integrity, fmt::format("the {} is nested too deeply", what)};
        return true;
    };
    try {
        auto document = Json::parse(text.begin(), text.end(), watch_depth);
        if (!document.is_object())
            throw Error{ErrorKind::integrity, fmt::format("the {} is not a JSON object", what)};
        return document;
    } catch (const Json::exception &error) {
        throw Error{ErrorKind::integrity, fmt::format("the {} is not JSON: {}", what, error.what())};
    }
}

void JsonNode::fail(std::string_view why) const
{
    throw Error{ErrorKind::integrity, fmt::format("{} {}", path_, why)};
}

std::optional<JsonNode> JsonNode::find(const char *key) const
{
    if (!value_->is_object())
        fail("is not an object");
    const auto at = value_->find(key);
    if (at == value_->end() || at->is_null())
        return std::nullopt;
    return JsonNode{*at, fmt::format("{}.{}", path_, key)};
}

JsonNode JsonNode::need(const char *key) const
{
    auto found = find(key);
    if (!found)
        fail(fmt::format("has no \"{}\"", key));
    return *found;
}

void JsonNode::allow(std::initializer_list<std::string_view> keys) const
{
    for (const auto &[key, node] : members())
        if (std::ranges::find(keys, std::string_view{key}) == keys.end())
            node.fail("is not known");
}

std::string JsonNode::text() const
{
    if (!value_->is_string())
        fail("is not a string");
    return value_->get<std::string>();
}

std::int64_t JsonNode::integer() const
{
    if (!value_->is_number_integer() ||
        (value_->is_number_unsigned() && value_->get<std::uint64_t>() > INT64_MAX))
        fail("is not an integer that fits into 63 bits");
    return value_->get<std::int64_t>();
}

bool JsonNode::boolean() const
{
    if (!value_->is_boolean())
        fail("is neither true nor false");
    return value_->get<bool>();
}

std::vector<JsonNode> JsonNode::items() const
{
    if (!value_->is_array())
        fail("is not an array");
    std::vector<JsonNode> out;
    out.reserve(value_->size());
    for (std::size_t i = 0; i < value_->size(); ++i)
        out.emplace_back((*value_)[i], fmt::format("{}[{}]", path_, i));
    return out;
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::members() const
{
    if (!value_->is_object())
        fail("is not an object");
    std::vector<std::pair<std::string, JsonNode>> out;
    out.reserve(value_->size());
    for (const auto &[key, value] : value_->items())
        out.emplace_back(key, JsonNode{value, fmt::format("{}.{}", path_, key)});
    return out;
}

std::string JsonNode::text_of(const char *key) const
{
    const auto node = find(key);
    return node ? node->text() : std::string{};
}

std::int64_t JsonNode::integer_of(const char *key) const
{
    const auto node = find(key);
    return node ? node->integer() : 0;
}

bool JsonNode::boolean_of(const char *key) const
{
    const auto node = find(key);
    return node && node->boolean();
}

std::optional<std::vector<std::string>> JsonNode::texts_of(const char *key) const
{
    const auto node = find(key);
    if (!node)
        return std::nullopt;
    std::vector<std::string> out;
    for (const auto &item : node->items())
        out.push_back(item.text());
    return out;
}

std::map<std::string, std::string> JsonNode::text_map_of(const char *key) const
{
    std::map<std::string, std::string> out;
    const auto node = find(key);
    if (!node)
        return out;
    for (const auto &[name, value] : node->members())
        out.emplace(name, value.value_->is_null() ? std::string{} : value.text());
    return out;
}

} // namespace mica
